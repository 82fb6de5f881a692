// Fields: gaps between the packets of one direction, and their deviation (jitter), in all and by class. Neighbours:
// gap-statistics.ts reads them, fields.ts.
import { type Field, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { nsPerMs } from './derive.js';
import { type GapClass, type GapValues, readGaps } from './gap-statistics.js';

type Value = (gaps: GapValues) => number | undefined;

const mean: Value = ({ sum, count }) => sum / count;
const smallest: Value = ({ min }) => min;
const largest: Value = ({ max }) => max;
const deviation: Value = ({ count, m2 }) =>
  m2 === undefined || m2 < 0 || count < 2 ? undefined : Math.sqrt(m2 / count);

function inMs(batch: FlowBatch, side: Side, of: GapClass, value: Value): NumberReader {
  const read = readGaps(batch, side, of);
  return (row) => {
    const gaps = read(row);
    const ns = gaps && value(gaps);
    return ns === undefined ? undefined : ns / nsPerMs;
  };
}

interface Names {
  readonly gap: string;
  readonly gapLabel: string;
  readonly gapAliases?: readonly string[];
  readonly jitter: string;
  readonly jitterLabel: string;
  readonly jitterAliases?: readonly string[];
}

function fieldsOf(of: GapClass, names: Names): Field[] {
  const word = of === 'all' ? '' : `${of} `;
  const more = of === 'all' ? 'gaps-between-packets-and-jitter' : 'active-and-idle-gaps';
  const make = (name: string, label: string, says: string, value: Value, aliases?: readonly string[]) =>
    sidedFields(
      name,
      ({ side }) => ({
        label: label.startsWith('Jit')
          ? `${side === 'src' ? 'Src' : 'Dst'}${label}`
          : sideLetter(side) + label,
        width: 12,
        unit: 'ms',
        fractional: true,
        about: `${says} between packets from ${side}${of === 'all' && value === mean ? ', also across the records of a flow' : ''}`,
        missing: missing(of, side, value === deviation),
        more,
        read: (batch) => inMs(batch, side, of, value),
      }),
      aliases,
    );
  return [
    ...make(names.gap, names.gapLabel, `mean ${word}gap`, mean, names.gapAliases),
    ...make(`${names.gap}min`, `${names.gapLabel}Min`, `smallest ${word}gap`, smallest),
    ...make(`${names.gap}max`, `${names.gapLabel}Max`, `largest ${word}gap`, largest),
    ...make(
      names.jitter,
      names.jitterLabel,
      `standard deviation of the ${word}gaps`,
      deviation,
      names.jitterAliases,
    ),
  ];
}

function sideLetter(side: Side): string {
  return side === 'src' ? 'S' : 'D';
}

function missing(of: GapClass, side: Side, ofTwo: boolean): string {
  if (of === 'all') return ofTwo ? 'there are less than two gaps' : `${side} sent no two packets`;
  return `${ofTwo ? 'there are less than two' : 'there are none'}, or the probe had no room to tell them apart`;
}

export const timingFields: readonly Field[] = [
  ...fieldsOf('all', {
    gap: 'intpkt',
    gapLabel: 'IntPkt',
    gapAliases: ['inter'],
    jitter: 'jit',
    jitterLabel: 'Jitter',
    jitterAliases: ['jitter'],
  }),
  ...fieldsOf('active', {
    gap: 'intpktact',
    gapLabel: 'IntPktAct',
    jitter: 'jitact',
    jitterLabel: 'JitAct',
  }),
  ...fieldsOf('idle', {
    gap: 'intpktidl',
    gapLabel: 'IntPktIdl',
    gapAliases: ['intpktidle'],
    jitter: 'jitidl',
    jitterLabel: 'JitIdl',
    jitterAliases: ['jitidle'],
  }),
];
