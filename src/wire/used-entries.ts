// Shrinks the dictionaries of a batch to the entries that some rows use. Neighbour: select-rows.ts.
import { addressColumns } from '../record/columns.js';
import type { FlowBatch } from '../record/flow-batch.js';

/** Smaller dictionaries, and the new indexes into them. */
export interface UsedEntries {
  readonly ipv4Dictionary: Uint8Array;
  readonly ipv6Dictionary: Uint8Array;
  readonly macDictionary: Uint8Array;
  /** New index of an address, whichever column names it. */
  address(index: number): number;
  /** New index of a MAC of the old dictionary. */
  mac(index: number): number;
}

export function usedEntries(batch: FlowBatch, rows: Uint16Array): UsedEntries {
  const { ipv4Dictionary, ipv6Dictionary, macDictionary } = batch.parts;
  const ipv4Entries = ipv4Dictionary.length / 4;
  const ipv6Entries = ipv6Dictionary.length / 16;
  const firstMac = ipv4Entries + ipv6Entries;
  const total = firstMac + macDictionary.length / 6;

  // 1 where used; then the number of used entries before it, which is its new index.
  const used = new Uint8Array(total);
  const addresses = [batch.addressIndex('src'), batch.addressIndex('dst')];
  for (const name of addressColumns) {
    if (name !== 'srcAddress' && name !== 'dstAddress' && batch.has(name)) addresses.push(batch.column(name));
  }
  const macs = [batch.column('srcMac'), batch.column('dstMac')];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    for (const address of addresses) {
      const index = address(row);
      if (index !== undefined) used[index] = 1;
    }
    for (const mac of macs) {
      const index = mac(row);
      if (index !== undefined) used[firstMac + index] = 1;
    }
  }
  const renumbered = new Uint32Array(total);
  let count = 0;
  for (let entry = 0; entry < total; entry++) {
    renumbered[entry] = count;
    count += used[entry] as number;
  }
  const usedBefore = (entry: number): number => (entry < total ? (renumbered[entry] as number) : count);
  const newFirstMac = usedBefore(firstMac);

  const shrink = (dictionary: Uint8Array, entryBytes: number, firstEntry: number): Uint8Array => {
    const entries = dictionary.length / entryBytes;
    const size = usedBefore(firstEntry + entries) - usedBefore(firstEntry);
    const out = new Uint8Array(size * entryBytes);
    let at = 0;
    for (let i = 0; i < entries; i++) {
      if (!used[firstEntry + i]) continue;
      out.set(dictionary.subarray(i * entryBytes, (i + 1) * entryBytes), at);
      at += entryBytes;
    }
    return out;
  };
  return {
    ipv4Dictionary: shrink(ipv4Dictionary, 4, 0),
    ipv6Dictionary: shrink(ipv6Dictionary, 16, ipv4Entries),
    macDictionary: shrink(macDictionary, 6, firstMac),
    address: (index) => renumbered[index] ?? 0,
    mac: (index) => (renumbered[firstMac + index] as number) - newFirstMac,
  };
}
