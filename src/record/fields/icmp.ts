// Fields: ICMP and ARP. Neighbour: fields.ts.
import { type Field, makeField, type RowReader } from '../field.js';
import type { FlowBatch } from '../flow-batch.js';
import { ipProtocol, readAddress } from './derive.js';

// Of the flow itself where it is ICMP, else of the error that it drew.
function ownOrError(own: 'icmpType' | 'icmpCode'): (batch: FlowBatch) => RowReader<number> {
  return (batch) => {
    const ofFlow = batch.column(own);
    const ofError = batch.column(own === 'icmpType' ? 'icmpErrorType' : 'icmpErrorCode');
    const protocol = batch.column('protocol');
    return (row) => {
      const number = protocol(row);
      const isIcmp = number === ipProtocol.icmp || number === ipProtocol.icmp6;
      return isIcmp ? ofFlow(row) : ofError(row);
    };
  };
}

const noError = 'flows that drew no ICMP error in the time of the record';

export const icmpFields: readonly Field[] = [
  makeField({
    name: 'icmptype',
    label: 'IcmpType',
    width: 8,
    about:
      'ICMP or ICMPv6 type: of the first packet of an ICMP flow; of another flow that of the last error it drew',
    missing: 'other flows',
    read: ownOrError('icmpType'),
  }),
  makeField({
    name: 'icmpcode',
    label: 'IcmpCode',
    width: 8,
    about: 'ICMP or ICMPv6 code that goes with icmptype',
    missing: 'other flows',
    read: ownOrError('icmpCode'),
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
    name: 'icmperrs',
    label: 'IcmpErrs',
    width: 8,
    about:
      'ICMP errors that quoted a packet of this flow; they are packets of their own flow, not of this one',
    missing: 'never',
    read: (batch) => batch.column('icmpErrors'),
  }),
  makeField({
    name: 'inode',
    label: 'Inode',
    width: 18,
    type: 'text',
    about: 'address of who sent the last of these errors: a router, or the other end',
    missing: noError,
    read: readAddress('inode'),
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
