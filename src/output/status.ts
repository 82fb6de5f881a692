// The probe's own report as text: a line between the rows of a table, an object between JSON lines. Neighbours: status
// frames come from wire/, the command line writes the lines.
import type { ProbeStatus } from '../wire/frames.js';
import type { PrintOptions } from './row-printer.js';
import { defaultPrecision } from './row-printer.js';
import { printTime, printUnixTime } from './text.js';

type StatusOptions = Partial<Pick<PrintOptions, 'unix' | 'precision'>>;

function timeOf(status: ProbeStatus, options: StatusOptions): string {
  const print = options.unix ? printUnixTime : printTime;
  const time = { seconds: status.timeSeconds, nanos: status.timeNanos };
  return print(time, options.precision ?? defaultPrecision);
}

/** One line with what there is to say; counters that matter when they are not 0 are left out while they are. */
export function statusLine(status: ProbeStatus, options: StatusOptions = {}): string {
  const undecoded = Object.entries(status.undecoded).filter(([, packets]) => packets > 0);
  const parts = [
    `packets ${status.packets}`,
    `bytes ${status.bytes}`,
    `records ${status.records}`,
    `flows ${status.flows}`,
    `dropped ${status.dropped}`,
    ...(status.intervalDropped > 0 ? [`dropped in this interval ${status.intervalDropped}`] : []),
    ...(status.evicted > 0 ? [`evicted ${status.evicted}`] : []),
    ...(status.recordsDropped > 0 ? [`records dropped ${status.recordsDropped}`] : []),
    ...(status.fragmentsOrphaned > 0 ? [`fragments orphaned ${status.fragmentsOrphaned}`] : []),
    ...(status.fragmentsOverflow > 0 ? [`fragments overflow ${status.fragmentsOverflow}`] : []),
    ...(status.extraSkipped > 0 ? [`extra skipped ${status.extraSkipped}`] : []),
    ...(status.tcpSkipped > 0 ? [`tcp skipped ${status.tcpSkipped}`] : []),
    ...(status.tcpHolesOverflow > 0 ? [`tcp holes overflow ${status.tcpHolesOverflow}`] : []),
    ...(status.gapClassesSkipped > 0 ? [`gap classes skipped ${status.gapClassesSkipped}`] : []),
    ...(status.rtpSkipped > 0 ? [`rtp skipped ${status.rtpSkipped}`] : []),
    ...(status.responseSkipped > 0 ? [`responses skipped ${status.responseSkipped}`] : []),
    ...(status.notesDropped > 0 ? [`notes dropped ${status.notesDropped}`] : []),
    ...undecoded.map(([reason, packets]) => `undecoded ${reason} ${packets}`),
    ...(status.last ? ['end'] : []),
  ];
  return `${timeOf(status, options)} man ${parts.join(', ')}\n`;
}

/** One JSON object; counters are cumulative since the probe started. */
export function statusJson(status: ProbeStatus, options: StatusOptions = {}): string {
  const { timeSeconds: _seconds, timeNanos: _nanos, ...counters } = status;
  const time = timeOf(status, options);
  return `${JSON.stringify({ type: 'status', time: options.unix ? Number(time) : time, ...counters })}\n`;
}
