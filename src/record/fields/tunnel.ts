// Fields: the tunnel around a flow, and what encrypted flows say of themselves. Neighbour: fields.ts.
import { type Field, makeField } from '../field.js';
import { tunnelName } from '../tunnel-names.js';
import { hex8, readAddress } from './derive.js';

const noTunnel = 'flows that were not in a tunnel';

// Versions of QUIC that have a name: RFC 9000, RFC 9369, and the drafts before them (0xff0000 and the draft's number).
export function quicVersionName(version: number): string {
  if (version === 1) return 'v1';
  if (version === 0x6b3343cf) return 'v2';
  if (version >>> 8 === 0xff0000) return `draft-${version & 0xff}`;
  return hex8(version);
}

export const tunnelFields: readonly Field[] = [
  makeField({
    name: 'tun',
    label: 'Tunnel',
    width: 9,
    type: 'text',
    about:
      'innermost tunnel around the flow: ipip, 6in4, 4in6, 6in6, gre, pptp, nvgre, erspan, vxlan, vxlan-gpe, geneve, gtp, l2tp, teredo, ayiya, mpls-udp, mpls-ip, etherip, ah, esp-null',
    missing: noTunnel,
    read: (batch) => {
      const type = batch.column('tunnelType');
      return (row) => {
        const number = type(row);
        return number === undefined ? undefined : tunnelName(number);
      };
    },
  }),
  makeField({
    name: 'tunid',
    label: 'TunnelId',
    width: 10,
    about: "the tunnel's own id, of the flow's first packet: VNI, GRE key, TEID, session, SPI, MPLS label",
    missing: 'flows that were not in a tunnel, tunnels without an id',
    read: (batch) => batch.column('tunnelId'),
  }),
  makeField({
    name: 'tsaddr',
    label: 'TunSrcAddr',
    width: 18,
    type: 'text',
    about: 'outer source address of the packets that src sent',
    missing: noTunnel,
    read: readAddress('tunnelSrc'),
  }),
  makeField({
    name: 'tdaddr',
    label: 'TunDstAddr',
    width: 18,
    type: 'text',
    about: 'outer destination address of the packets that src sent',
    missing: noTunnel,
    read: readAddress('tunnelDst'),
  }),
  makeField({
    name: 'tundepth',
    label: 'TunDepth',
    width: 8,
    about: 'tunnels around the flow, one inside the other',
    missing: noTunnel,
    // The schema leaves out that a tunnel stands alone.
    read: (batch) => {
      const type = batch.column('tunnelType');
      const depth = batch.column('tunnelDepth');
      return (row) => depth(row) ?? (type(row) === undefined ? undefined : 1);
    },
  }),
  makeField({
    name: 'spi',
    label: 'Spi',
    width: 10,
    about: 'security parameters index of an ESP or AH flow, part of its key; tables show it in hex',
    missing: 'other flows',
    read: (batch) => batch.column('spi'),
    readTable: (batch) => {
      const spi = batch.column('spi');
      return (row) => {
        const value = spi(row);
        return value === undefined ? undefined : hex8(value);
      };
    },
  }),
  makeField({
    name: 'quicver',
    label: 'QuicVer',
    width: 10,
    type: 'text',
    about: 'version of QUIC that the flow speaks: v1, v2, draft-29 ..., others in hex',
    missing: 'other flows, and QUIC of which no long header was seen',
    read: (batch) => {
      const version = batch.column('quicVersion');
      return (row) => {
        const value = version(row);
        return value === undefined ? undefined : quicVersionName(value);
      };
    },
  }),
];
