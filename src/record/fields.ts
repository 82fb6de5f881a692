// The field table: every name that printing, JSON, filters, sorting and the docs know. Neighbours: one file a group under
// fields/; fields read columns through FlowBatch.
import type { Field } from './field.js';
import { icmpFields } from './fields/icmp.js';
import { identityFields } from './fields/identity.js';
import { lossFields } from './fields/loss.js';
import { networkFields } from './fields/network.js';
import { payloadFields } from './fields/payload.js';
import { rtpFields } from './fields/rtp.js';
import { rttFields } from './fields/rtt.js';
import { stateFields } from './fields/state.js';
import { tcpFields } from './fields/tcp.js';
import { timeFields } from './fields/time.js';
import { timingFields } from './fields/timing.js';
import { tunnelFields } from './fields/tunnel.js';
import { volumeFields } from './fields/volume.js';

/** The groups of the table, in documentation order. */
export const fieldGroups: readonly { readonly title: string; readonly fields: readonly Field[] }[] = [
  { title: 'Identity', fields: identityFields },
  { title: 'Time', fields: timeFields },
  { title: 'Volume', fields: volumeFields },
  { title: 'Link and network layer', fields: networkFields },
  { title: 'Tunnels, IPsec and QUIC', fields: tunnelFields },
  { title: 'TCP', fields: tcpFields },
  { title: 'TCP: losses, order and stalls', fields: lossFields },
  { title: 'TCP: round trips', fields: rttFields },
  { title: 'Timing of packets', fields: timingFields },
  { title: 'RTP and RTCP', fields: rtpFields },
  { title: 'ICMP and ARP', fields: icmpFields },
  { title: 'Payload', fields: payloadFields },
  { title: 'State', fields: stateFields },
];

export const fields: ReadonlyMap<string, Field> = new Map(
  fieldGroups.flatMap((group) => group.fields.map((field) => [field.name, field] as const)),
);

const byAnyName = new Map<string, Field>();
for (const field of fields.values()) {
  for (const name of [field.name, ...field.aliases]) byAnyName.set(name, field);
}

export function findField(name: string): Field | undefined {
  return byAnyName.get(name);
}

/** Names and aliases, for suggestions. */
export const fieldNames: readonly string[] = [...byAnyName.keys()];

// Without a side these words speak of the record, not of either side.
const wordsOfTheRecord: ReadonlySet<string> = new Set(['dur', 'stime', 'ltime']);

const pairs = new Map<string, readonly Field[]>();
for (const [name, src] of byAnyName) {
  const word = name.slice(1);
  const dst = name.startsWith('s') ? byAnyName.get(`d${word}`) : undefined;
  if (dst && src.type === 'number' && !wordsOfTheRecord.has(word)) pairs.set(word, [src, dst]);
}

/** The two number fields that a word without a side means: 'bytes' -> sbytes, dbytes. */
export function sides(word: string): readonly Field[] | undefined {
  return pairs.get(word);
}

/** The words that `sides` knows. */
export const sidedWords: readonly string[] = [...pairs.keys()];
