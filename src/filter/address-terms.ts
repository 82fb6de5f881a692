// Tests of addresses: each entry of a batch's dictionaries is tested once, each row then looks its index up.
// Called by compile.ts.
import type { FlowBatch, NumberReader } from '../record/flow-batch.js';
import type { CastWord, FilterOf, Sides } from './ast.js';
import { onSides } from './sides.js';
import { never, no, or, type RowTest, yes } from './truth.js';

/** A test of the bytes of an address that begins at `at`, in place. */
type EntryTest = (bytes: Uint8Array, at: number) => boolean;

/** Tests by width of the address; none for a width: no such address passes. */
type EntryTests = Readonly<Partial<Record<4 | 6 | 16, EntryTest>>>;

export function hostTest(batch: FlowBatch, { sides, address }: FilterOf<'host'>): RowTest {
  return addressTest(batch, sides, { [address.length]: isMasked(address) });
}

export function netTest(batch: FlowBatch, { sides, address, mask }: FilterOf<'net'>): RowTest {
  return addressTest(batch, sides, { [address.length]: isMasked(address, mask) });
}

/** An address of neither end: who reported an ICMP error, the outer ones of a tunnel. */
export function otherAddressTest(batch: FlowBatch, { column, address, mask }: FilterOf<'address'>): RowTest {
  const passed = testAddresses(batch, { [address.length]: isMasked(address, mask) });
  return lookUp(passed, batch.column(column));
}

/** The MAC of an end: its column, and for flows between MACs the address itself. */
export function etherHostTest(batch: FlowBatch, { sides, address }: FilterOf<'ether-host'>): RowTest {
  return macTest(batch, sides, isMasked(address));
}

/** `multicast` and `broadcast` speak of either end: which one is src depends on who was heard first. */
export function castTest(batch: FlowBatch, { layer, cast }: FilterOf<'cast'>): RowTest {
  const ip = layer === 'ether' ? never : addressTest(batch, 'either', ipCasts[cast]);
  return layer === 'ip' ? ip : or(ip, macTest(batch, 'either', etherCasts[cast]));
}

const ones = (count: number): number[] => new Array<number>(count).fill(255);

const ipCasts: Record<CastWord, EntryTests> = {
  multicast: { 4: isMasked([224], [240]), 16: isMasked([255]) },
  broadcast: { 4: isMasked(ones(4)) },
};

const isEtherBroadcast = isMasked(ones(6));
const isEtherGroup = isMasked([1], [1]);
const etherCasts: Record<CastWord, EntryTest> = {
  multicast: (bytes, at) => isEtherGroup(bytes, at) && !isEtherBroadcast(bytes, at),
  broadcast: isEtherBroadcast,
};

/** Are the bytes under the mask the wanted ones? Without a mask: all that are wanted. */
function isMasked(wanted: readonly number[], mask: readonly number[] = ones(wanted.length)): EntryTest {
  return (bytes, at) => {
    for (let i = 0; i < wanted.length; i++) {
      if (((bytes[at + i] as number) & (mask[i] as number)) !== wanted[i]) return false;
    }
    return true;
  };
}

function addressTest(batch: FlowBatch, sides: Sides, tests: EntryTests): RowTest {
  const passed = testAddresses(batch, tests);
  return onSides(sides, (side) => lookUp(passed, batch.addressIndex(side)));
}

function macTest(batch: FlowBatch, sides: Sides, test: EntryTest): RowTest {
  const macs = new Uint8Array(batch.parts.macDictionary.length / 6);
  testEntries(batch.parts.macDictionary, 6, test, macs);
  const addresses = testAddresses(batch, { 6: test });
  return onSides(sides, (side) =>
    or(
      lookUp(macs, batch.column(side === 'src' ? 'srcMac' : 'dstMac')),
      lookUp(addresses, batch.addressIndex(side)),
    ),
  );
}

/** 1 for each address that passes, in the order in which the index columns count. */
function testAddresses(batch: FlowBatch, tests: EntryTests): Uint8Array {
  const { ipv4Dictionary, ipv6Dictionary, macDictionary } = batch.parts;
  const firstIpv6 = ipv4Dictionary.length / 4;
  const firstMac = firstIpv6 + ipv6Dictionary.length / 16;
  const passed = new Uint8Array(firstMac + macDictionary.length / 6);
  testEntries(ipv4Dictionary, 4, tests[4], passed);
  testEntries(ipv6Dictionary, 16, tests[16], passed.subarray(firstIpv6));
  testEntries(macDictionary, 6, tests[6], passed.subarray(firstMac));
  return passed;
}

function testEntries(
  dictionary: Uint8Array,
  width: number,
  test: EntryTest | undefined,
  out: Uint8Array,
): void {
  if (!test) return;
  for (let at = 0, entry = 0; at < dictionary.length; at += width, entry++) {
    if (test(dictionary, at)) out[entry] = 1;
  }
}

function lookUp(passed: Uint8Array, index: NumberReader): RowTest {
  if (!passed.includes(1)) return never;
  return (row) => {
    const at = index(row);
    return at !== undefined && passed[at] === 1 ? yes : no;
  };
}
