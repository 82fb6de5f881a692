// Fields: link and network layer. Neighbour: fields.ts.
import { printMac } from '../address.js';
import { IpFlag } from '../columns.js';
import { type Field, makeField, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { readSide, sideColumn } from './derive.js';

// 802.1Q tag: 3 bits priority, 1 bit drop eligible, 12 bits VLAN id.
function readVlan(side: Side, part: (tag: number) => number): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const tag = batch.column(sideColumn(side, 'Vlan'));
    return (row) => {
      const value = tag(row);
      return value === undefined ? undefined : part(value);
    };
  };
}

// The schema leaves out the extremes where the value did not vary.
function orLast(side: Side, suffix: 'TtlMin' | 'TtlMax'): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const extreme = batch.column(sideColumn(side, suffix));
    const last = batch.column(sideColumn(side, 'Ttl'));
    return (row) => extreme(row) ?? last(row);
  };
}

const oddFragments = [
  [IpFlag.tinyFragment, 'tiny'],
  [IpFlag.overlap, 'overlap'],
  [IpFlag.duplicateFragment, 'duplicate'],
] as const;

// Names of RFC 2474, 2597, 3246 and 5865; others are numbers.
function dscpName(dscp: number): string {
  if (dscp === 46) return 'ef';
  if (dscp === 44) return 'va';
  const [group, rest] = [dscp >> 3, dscp & 7];
  if (rest === 0) return `cs${group}`;
  const isAssured = group >= 1 && group <= 4 && (rest === 2 || rest === 4 || rest === 6);
  return isAssured ? `af${group}${rest / 2}` : String(dscp);
}

const noIp = (side: Side): string => `${side} sent no IP packet`;

export const networkFields: readonly Field[] = [
  ...sidedFields('mac', ({ side }) => ({
    label: side === 'src' ? 'SrcMac' : 'DstMac',
    width: 18,
    type: 'text',
    about: `MAC address of ${side}, from its first frame; if it sent none, where frames to it went`,
    missing: 'links without MAC addresses',
    read: (batch) => {
      const mac = batch.mac(side);
      return (row) => {
        const bytes = mac(row);
        return bytes && printMac(bytes);
      };
    },
  })),
  ...sidedFields(
    'vlan',
    ({ side, letter }) => ({
      label: `${letter}Vlan`,
      width: 6,
      about: `VLAN id of the outermost 802.1Q tag of the last frame from ${side}`,
      missing: 'untagged frames',
      read: readVlan(side, (tag) => tag & 0xfff),
    }),
    ['vid'],
  ),
  ...sidedFields('vpri', ({ side, letter }) => ({
    label: `${letter}Vpri`,
    width: 6,
    about: `priority (PCP) in that tag, 0 to 7`,
    missing: 'untagged frames',
    read: readVlan(side, (tag) => tag >> 13),
  })),
  makeField({
    name: 'ivlan',
    label: 'InnerVlan',
    width: 9,
    about: 'VLAN id of the second tag',
    missing: 'frames with less than two tags',
    read: (batch) => batch.column('innerVlan'),
  }),
  ...sidedFields('mpls', ({ side, letter }) => ({
    label: `${letter}Mpls`,
    width: 8,
    about: `label at the bottom of the MPLS stack of the last frame from ${side} that had one`,
    missing: 'frames without labels',
    read: readSide(side, 'Mpls'),
  })),
  makeField({
    name: 'etype',
    label: 'EtherType',
    width: 9,
    about: 'ethertype, or LLC DSAP << 8 | SSAP',
    missing: 'flows with IP, ARP and RARP',
    read: (batch) => batch.column('ethertype'),
  }),
  ...sidedFields('ttl', ({ side, letter }) => ({
    label: `${letter}Ttl`,
    width: 4,
    unit: 'hops',
    about: `TTL or hop limit of the last packet from ${side}`,
    missing: noIp(side),
    read: readSide(side, 'Ttl'),
  })),
  ...sidedFields('ttlmin', ({ side, letter }) => ({
    label: `${letter}TtlMin`,
    width: 7,
    unit: 'hops',
    about: `lowest TTL or hop limit from ${side}`,
    missing: noIp(side),
    read: orLast(side, 'TtlMin'),
  })),
  ...sidedFields('ttlmax', ({ side, letter }) => ({
    label: `${letter}TtlMax`,
    width: 7,
    unit: 'hops',
    about: `highest TTL or hop limit from ${side}`,
    missing: noIp(side),
    read: orLast(side, 'TtlMax'),
  })),
  ...sidedFields('tos', ({ side, letter }) => ({
    label: `${letter}Tos`,
    width: 5,
    about: `TOS or traffic class byte of the last packet from ${side}`,
    missing: noIp(side),
    read: readSide(side, 'Tos'),
  })),
  ...sidedFields('dsb', ({ side, letter }) => ({
    label: `${letter}Dsb`,
    width: 5,
    type: 'text',
    about: `differentiated services of the last packet from ${side}: cs0 to cs7, af11 to af43, ef, va, or the number`,
    missing: noIp(side),
    read: (batch) => {
      const tos = batch.column(sideColumn(side, 'Tos'));
      return (row) => {
        const value = tos(row);
        return value === undefined ? undefined : dscpName(value >> 2);
      };
    },
  })),
  ...sidedFields('ipid', ({ side, letter }) => ({
    label: `${letter}IpId`,
    width: 7,
    about: `IPv4 identification of the last packet from ${side}`,
    missing: `${side} sent no IPv4 packet`,
    read: readSide(side, 'IpId'),
  })),
  ...sidedFields('frags', ({ side, letter }) => ({
    label: `${letter}Frags`,
    width: 7,
    unit: 'packets',
    about: `packets from ${side} that were IP fragments`,
    missing: 'never',
    read: readSide(side, 'Fragments'),
  })),
  ...sidedFields('fragf', ({ side, letter }) => ({
    label: `${letter}FragFlags`,
    width: 9,
    type: 'text',
    about: `what is odd about fragments from ${side}: tiny (a header in pieces), overlap, duplicate; joined by +`,
    missing: 'no fragments, or nothing odd about them',
    read: (batch) => {
      const flags = batch.column(sideColumn(side, 'IpFlags'));
      return (row) => {
        const bits = flags(row) ?? 0;
        const words = oddFragments.filter(([flag]) => bits & flag).map(([, word]) => word);
        return words.join('+') || undefined;
      };
    },
  })),
  ...sidedFields('ce', ({ side, letter }) => ({
    label: `${letter}Ce`,
    width: 5,
    unit: 'packets',
    about: `packets from ${side} marked congestion experienced (RFC 3168)`,
    missing: 'never',
    read: readSide(side, 'CePackets'),
  })),
];
