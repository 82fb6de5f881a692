// Fields: the first payload bytes of each direction. Neighbour: fields.ts.
import { type Field, sidedFields } from '../field.js';

const backslash = 0x5c;
const short = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [backslash, '\\\\'],
]);

/** Printable ASCII as it is, \t \n \r \\, every other byte as \xNN: the bytes can be had back from the text. */
export function printPayload(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const escaped = short.get(byte);
    if (escaped) text += escaped;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}

export const payloadFields: readonly Field[] = sidedFields('user', ({ side, letter }) => ({
  label: `${side === 'src' ? 'src' : 'dst'}Udata`,
  width: 32,
  type: 'text',
  align: 'left',
  cut: true,
  onRequest: true,
  more: 'first-payload',
  about: `first payload bytes of ${side}; other than printable ASCII as \\t \\n \\r \\\\ \\xNN`,
  missing: `${side} sent none, or they stand in an earlier record of the flow (${letter}user comes once a flow)`,
  read: (batch) => {
    const payload = batch.payload(side);
    return (row) => {
      const bytes = payload(row);
      return bytes && printPayload(bytes);
    };
  },
}));
