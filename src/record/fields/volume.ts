// Fields: packets, bytes, sizes and rates. Neighbour: fields.ts.
import { type Field, makeField, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { durationNs, nsPerSecond, quotient, readBoth, readSide, scaled, sideColumn } from './derive.js';
import { readSize, sizeFields } from './sizes.js';

// Rates divide by the duration of the record, both sides alike, so that rate = srate + drate and load = sload + dload.
function perSecond(
  amount: (batch: FlowBatch) => NumberReader,
  factor = 1,
): (batch: FlowBatch) => NumberReader {
  return (batch) => quotient(scaled(amount(batch), 1 / factor), scaled(durationNs(batch), nsPerSecond));
}

// Payload that was not seen before. A retransmission counts as payload each time.
function readFresh(side: Side): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const payload = batch.column(sideColumn(side, 'AppBytes'));
    const again = batch.column(sideColumn(side, 'RetransBytes'));
    return (row) => (payload(row) ?? 0) - (again(row) ?? 0);
  };
}

const noDuration = 'the record has no duration (one packet)';
const bitsPerByte = 8;

export const volumeFields: readonly Field[] = [
  makeField({
    name: 'pkts',
    aliases: ['pkt'],
    label: 'TotPkts',
    width: 8,
    unit: 'packets',
    about: 'packets of both sides',
    missing: 'never',
    more: 'packets-and-bytes',
    read: readBoth('Packets'),
  }),
  ...sidedFields(
    'pkts',
    ({ side }) => ({
      label: side === 'src' ? 'SrcPkts' : 'DstPkts',
      width: 8,
      unit: 'packets',
      about: `packets from ${side}`,
      missing: 'never',
      more: 'packets-and-bytes',
      read: readSide(side, 'Packets'),
    }),
    ['pkt'],
  ),
  makeField({
    name: 'bytes',
    aliases: ['byte'],
    label: 'TotBytes',
    width: 10,
    unit: 'bytes',
    about: 'bytes of both sides: frames as on the wire, without FCS',
    missing: 'never',
    more: 'packets-and-bytes',
    read: readBoth('Bytes'),
  }),
  ...sidedFields(
    'bytes',
    ({ side }) => ({
      label: side === 'src' ? 'SrcBytes' : 'DstBytes',
      width: 10,
      unit: 'bytes',
      about: `bytes from ${side}: frames as on the wire, without FCS`,
      missing: 'never',
      more: 'packets-and-bytes',
      read: readSide(side, 'Bytes'),
    }),
    ['byte'],
  ),
  makeField({
    name: 'appbytes',
    aliases: ['appbyte'],
    label: 'TotAppByte',
    width: 10,
    unit: 'bytes',
    about: 'bytes above the transport header, of both sides',
    missing: 'never',
    more: 'payload-bytes',
    read: readBoth('AppBytes'),
  }),
  ...sidedFields(
    'appbytes',
    ({ side }) => ({
      label: side === 'src' ? 'SAppBytes' : 'DAppBytes',
      width: 10,
      unit: 'bytes',
      about: `bytes above the transport header from ${side}, by the length in the IP header (padding excluded)`,
      missing: 'never',
      more: 'payload-bytes',
      read: readSide(side, 'AppBytes'),
    }),
    ['appbyte'],
  ),
  makeField({
    name: 'rate',
    label: 'Rate',
    width: 12,
    unit: 'packets/s',
    fractional: true,
    about: 'pkts / dur',
    missing: noDuration,
    more: 'rates',
    read: perSecond(readBoth('Packets')),
  }),
  ...sidedFields('rate', ({ side, letter }) => ({
    label: side === 'src' ? 'SrcRate' : 'DstRate',
    width: 12,
    unit: 'packets/s',
    fractional: true,
    about: `${letter}pkts / dur`,
    missing: noDuration,
    more: 'rates',
    read: perSecond(readSide(side, 'Packets')),
  })),
  makeField({
    name: 'load',
    label: 'Load',
    width: 12,
    unit: 'bit/s',
    fractional: true,
    about: 'bytes * 8 / dur',
    missing: noDuration,
    more: 'rates',
    read: perSecond(readBoth('Bytes'), bitsPerByte),
  }),
  ...sidedFields('load', ({ side, letter }) => ({
    label: side === 'src' ? 'SrcLoad' : 'DstLoad',
    width: 12,
    unit: 'bit/s',
    fractional: true,
    about: `${letter}bytes * 8 / dur`,
    missing: noDuration,
    more: 'rates',
    read: perSecond(readSide(side, 'Bytes'), bitsPerByte),
  })),
  ...sidedFields('goodput', ({ side, letter }) => ({
    label: side === 'src' ? 'SrcGoodput' : 'DstGoodput',
    width: 12,
    unit: 'bit/s',
    fractional: true,
    about: `(${letter}appbytes - ${letter}rbytes) * 8 / dur: payload that was not sent again`,
    missing: noDuration,
    more: 'goodput',
    read: perSecond(readFresh(side), bitsPerByte),
  })),
  ...sidedFields('meansz', ({ side, letter }) => ({
    label: `${letter}MeanPktSz`,
    width: 12,
    unit: 'bytes',
    fractional: true,
    about: `mean frame from ${side}: ${letter}bytes / ${letter}pkts`,
    missing: `${side} sent nothing`,
    more: 'packets-and-bytes',
    read: (batch) =>
      quotient(batch.column(sideColumn(side, 'Bytes')), batch.column(sideColumn(side, 'Packets'))),
  })),
  ...sidedFields('minsz', ({ side, letter }) => ({
    label: `${letter}MinPktSz`,
    width: 12,
    unit: 'bytes',
    about: `smallest frame from ${side}`,
    missing: `${side} sent nothing`,
    more: 'packets-and-bytes',
    read: (batch) => readSize(batch, side, 'MinSize'),
  })),
  ...sidedFields('maxsz', ({ side, letter }) => ({
    label: `${letter}MaxPktSz`,
    width: 12,
    unit: 'bytes',
    about: `largest frame from ${side}`,
    missing: `${side} sent nothing`,
    more: 'packets-and-bytes',
    read: (batch) => readSize(batch, side, 'MaxSize'),
  })),
  ...sizeFields,
  ...sidedFields('dup', ({ side, letter }) => ({
    label: `${letter}Dup`,
    width: 7,
    unit: 'packets',
    about: `packets from ${side} that the capture holds twice: the copies, which ${letter}pkts counts too`,
    missing: 'never',
    more: 'copies-made-by-the-capture',
    read: readSide(side, 'Duplicates'),
  })),
  makeField({
    name: 'capdrops',
    label: 'CapDrops',
    width: 9,
    unit: 'packets',
    about:
      'packets of any flow that the links of this probe lost in the status interval of the record: it may miss some of its own',
    missing: 'nothing was lost, as far as was known when the record was made',
    more: 'packets-that-the-capture-lost',
    read: (batch) => {
      const drops = batch.column('captureDrops');
      return (row) => drops(row) || undefined;
    },
  }),
  makeField({
    name: 'pcr',
    aliases: ['pcratio'],
    label: 'PCRatio',
    width: 9,
    fractional: true,
    about: 'producer-consumer ratio, 1 (src only gives) to -1: (sappbytes - dappbytes) / appbytes',
    missing: 'neither side sent application bytes',
    more: 'payload-bytes',
    read: (batch) => {
      const src = batch.column('srcAppBytes');
      const dst = batch.column('dstAppBytes');
      return (row) => {
        const given = src(row) ?? 0;
        const taken = dst(row) ?? 0;
        return given + taken === 0 ? undefined : (given - taken) / (given + taken);
      };
    },
  }),
  makeField({
    name: 'trans',
    label: 'Trans',
    width: 6,
    about: 'records that were merged into this one',
    missing: 'never',
    read: () => () => 1,
  }),
];
