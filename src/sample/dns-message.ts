// DNS messages (RFC 1035) for the sample traffic: one question, and answers that point back to its name.
import { addressBytes, concat, text, u16s, u32 } from './bytes.js';

export type DnsType = 'A' | 'AAAA' | 'MX' | 'TXT';
const typeNumbers: Record<DnsType, number> = { A: 1, AAAA: 28, MX: 15, TXT: 16 };

export interface DnsQuestion {
  readonly id: number;
  readonly name: string;
  readonly type: DnsType;
}

export function dnsQuery(question: DnsQuestion): Uint8Array {
  return concat(u16s([question.id, 0x0100, 1, 0, 0, 0]), questionBytes(question));
}

/** `answers`: addresses for A and AAAA, words for the others; none with `rcode` 3 is NXDOMAIN. */
export function dnsResponse(question: DnsQuestion, answers: readonly string[], rcode = 0): Uint8Array {
  const records = answers.map((answer) => {
    const data = answerBytes(question.type, answer);
    return concat(u16s([0xc00c, typeNumbers[question.type], 1]), u32(300), u16s([data.length]), data);
  });
  return concat(
    u16s([question.id, 0x8180 | rcode, 1, records.length, 0, 0]),
    questionBytes(question),
    ...records,
  );
}

function questionBytes(question: DnsQuestion): Uint8Array {
  return concat(nameBytes(question.name), u16s([typeNumbers[question.type], 1]));
}

function nameBytes(name: string): Uint8Array {
  return concat(...name.split('.').map((label) => concat([label.length], text(label))), [0]);
}

function answerBytes(type: DnsType, answer: string): Uint8Array {
  switch (type) {
    case 'A':
    case 'AAAA':
      return addressBytes(answer);
    case 'MX':
      return concat(u16s([10]), nameBytes(answer));
    case 'TXT':
      return concat([answer.length], text(answer));
  }
}
