// Fields: which flow, between whom, and why the record was written. Neighbour: fields.ts.
import { Evidence, FlowKind } from '../columns.js';
import { answerType, communityId } from '../community-id.js';
import { type Field, makeField, type Numeric, type RowReader, sidedFields } from '../field.js';
import type { FlowBatch, Side } from '../flow-batch.js';
import { ethertypeName, protocolName, serviceName } from '../names.js';
import { hex8, ipProtocol, readAddress, readRtp, sideColumn } from './derive.js';

const causes = [undefined, 'start', 'status', 'end'];
const reasons = [undefined, 'fin', 'rst', 'answered', 'idle', 'evicted', 'reused', 'shutdown'];
const evidences = [undefined, 'syn', 'syn-ack', 'request', 'learned-port', 'known-port', 'first-packet'];

function readWord(
  column: 'cause' | 'reason' | 'evidence',
  words: readonly (string | undefined)[],
): (batch: FlowBatch) => RowReader<string> {
  return (batch) => {
    const read = batch.column(column);
    return (row) => words[read(row) ?? 0];
  };
}

function readProto(batch: FlowBatch): RowReader<string> {
  const kind = batch.column('kind');
  const protocol = batch.column('protocol');
  const ethertype = batch.column('ethertype');
  const rtp = readRtp(batch);
  return (row) => {
    switch (kind(row)) {
      case FlowKind.arp:
        return 'arp';
      case FlowKind.rarp:
        return 'rarp';
      case FlowKind.ethernet: {
        const type = ethertype(row);
        return type === undefined ? undefined : ethertypeName(type);
      }
      default: {
        const number = protocol(row);
        if (number === undefined) return undefined;
        return (number === ipProtocol.udp ? rtp(row) : undefined) ?? protocolName(number);
      }
    }
  };
}

function readProtoTable(batch: FlowBatch, numeric: Numeric): RowReader<string> {
  const name = readProto(batch);
  if (numeric < 2) return name;
  const protocol = batch.column('protocol');
  return (row) => protocol(row)?.toString() ?? name(row);
}

const hex4 = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;

// Tables show services by name, and of ICMP what argus puts there: type (low byte) and code (high byte) at src, the
// id at dst; the id in the order of the packet, where argus turns its bytes on little-endian machines. ESP and AH: the
// SPI at dst.
function readPortTable(side: Side): (batch: FlowBatch, numeric: Numeric) => RowReader<string> {
  return (batch, numeric) => {
    const port = batch.column(sideColumn(side, 'Port'));
    const protocol = batch.column('protocol');
    const type = batch.column('icmpType');
    const code = batch.column('icmpCode');
    const id = batch.column('icmpId');
    const spi = batch.column('spi');
    return (row) => {
      const number = port(row);
      if (number !== undefined) {
        return (numeric < 1 ? serviceName(number, protocol(row)) : undefined) ?? number.toString();
      }
      if (side === 'dst') {
        const index = spi(row);
        if (index !== undefined) return hex8(index);
        const query = id(row);
        return query === undefined ? undefined : hex4(query);
      }
      const icmpType = type(row);
      return icmpType === undefined ? undefined : hex4(((code(row) ?? 0) << 8) | icmpType);
    };
  };
}

function readCommunityId(batch: FlowBatch): RowReader<string> {
  const protocol = batch.column('protocol');
  const src = batch.address('src');
  const dst = batch.address('dst');
  const srcPort = batch.column('srcPort');
  const dstPort = batch.column('dstPort');
  const type = batch.column('icmpType');
  const code = batch.column('icmpCode');
  const evidence = batch.column('evidence');
  const kind = batch.column('kind');
  return (row) => {
    const number = protocol(row);
    const flowKind = kind(row);
    if (number === undefined || (flowKind !== FlowKind.ipv4 && flowKind !== FlowKind.ipv6)) return undefined;
    const [srcAddress, dstAddress] = [src(row), dst(row)];
    if (srcAddress.length !== dstAddress.length || srcAddress.length === 0) return undefined;
    let first = srcPort(row) ?? 0;
    let second = dstPort(row) ?? 0;
    if (number === ipProtocol.icmp || number === ipProtocol.icmp6) {
      first = type(row) ?? 0;
      second = code(row) ?? 0;
      // The first packet seen was an answer, so it came from dst.
      if (evidence(row) === Evidence.request && isAnswer(number, first))
        first = answerType(number, first) ?? first;
    }
    return communityId({
      protocol: number,
      src: srcAddress,
      dst: dstAddress,
      srcPort: first,
      dstPort: second,
    });
  };
}

const answers = new Set([0, 9, 14, 16, 18]);
const answers6 = new Set([129, 131, 134, 136, 140, 145]);

function isAnswer(protocol: number, type: number): boolean {
  return (protocol === ipProtocol.icmp ? answers : answers6).has(type);
}

const always = 'never';

export const identityFields: readonly Field[] = [
  makeField({
    name: 'fid',
    label: 'FlowId',
    width: 12,
    about: 'flow id: the same in all records of a flow, unique in a run of the probe',
    missing: always,
    read: (batch) => batch.column('flowId'),
  }),
  makeField({
    name: 'cid',
    label: 'CommunityId',
    width: 30,
    type: 'text',
    align: 'left',
    about: 'Community ID version 1, seed 0',
    missing: 'flows without IP',
    read: readCommunityId,
  }),
  makeField({
    name: 'seq',
    label: 'Seq',
    width: 12,
    about: 'number of the record in the run of the probe',
    missing: 'a filter at the server took records out of the batch',
    read: (batch) => {
      const first = batch.firstRecord;
      return batch.parts.filteredRows > 0 ? () => undefined : (row) => first + row;
    },
  }),
  makeField({
    name: 'cause',
    label: 'Cause',
    width: 7,
    type: 'text',
    about: 'why the record was written: start, status, end',
    missing: always,
    read: readWord('cause', causes),
  }),
  makeField({
    name: 'reason',
    label: 'Reason',
    width: 8,
    type: 'text',
    about: 'why the flow ended: fin, rst, answered, idle, evicted, reused, shutdown',
    missing: 'records that are not the end of a flow',
    read: readWord('reason', reasons),
  }),
  makeField({
    name: 'evidence',
    label: 'Evidence',
    width: 12,
    type: 'text',
    about: 'what told which end is src: syn, syn-ack, request, learned-port, known-port, first-packet',
    missing: always,
    read: readWord('evidence', evidences),
  }),
  makeField({
    name: 'proto',
    label: 'Proto',
    width: 9,
    type: 'text',
    about:
      'protocol: IANA name in lower case; rtp and rtcp for UDP that was found to be; arp, rarp; other frames by ethertype',
    missing: always,
    read: readProto,
    readTable: readProtoTable,
  }),
  ...sidedFields('addr', ({ side }) => ({
    label: side === 'src' ? 'SrcAddr' : 'DstAddr',
    width: 18,
    type: 'text',
    about: `address of ${side}: IPv4, IPv6, or MAC where the flow has no IP`,
    missing: always,
    read: readAddress(side),
  })),
  ...sidedFields('port', ({ side }) => ({
    label: side === 'src' ? 'Sport' : 'Dport',
    width: 6,
    align: 'left',
    about:
      side === 'src'
        ? 'port of src; tables name services (without -n) and show ICMP code and type in hex'
        : 'port of dst; tables name services (without -n) and show the ICMP id, the SPI of ESP and AH in hex',
    missing: 'protocols without ports; ICMP has icmptype, icmpcode and icmpid, ESP and AH have spi',
    read: (batch) => batch.column(sideColumn(side, 'Port')),
    readTable: readPortTable(side),
  })),
  makeField({
    name: 'dnsid',
    label: 'DnsId',
    width: 6,
    about: 'DNS transaction id, part of the key of a DNS flow',
    missing: 'other flows',
    read: (batch) => batch.column('dnsId'),
  }),
];
