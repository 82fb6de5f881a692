// Fields: ICMP and ARP. Neighbour: fields.ts.
import { type Field, makeField } from '../field.js';

export const icmpFields: readonly Field[] = [
  makeField({
    name: 'icmptype',
    label: 'IcmpType',
    width: 8,
    about: 'ICMP or ICMPv6 type of the first packet of the flow',
    missing: 'other flows',
    read: (batch) => batch.column('icmpType'),
  }),
  makeField({
    name: 'icmpcode',
    label: 'IcmpCode',
    width: 8,
    about: 'ICMP or ICMPv6 code of the first packet of the flow',
    missing: 'other flows',
    read: (batch) => batch.column('icmpCode'),
  }),
  makeField({
    name: 'icmpid',
    label: 'IcmpId',
    width: 6,
    about: 'id of an ICMP or ICMPv6 echo or another query',
    missing: 'other flows',
    read: (batch) => batch.column('icmpId'),
  }),
  makeField({
    name: 'arpop',
    label: 'ArpOp',
    width: 5,
    about: 'ARP or RARP operation of the first packet of the flow: 1 request, 2 reply, 3 and 4 reverse',
    missing: 'other flows',
    read: (batch) => batch.column('arpOperation'),
  }),
];
