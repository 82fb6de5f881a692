// Option -t: argus's time ranges -> an interval in seconds since 1970. Used by the commands that read records.
// Times are UTC, as they are printed; docs/ra.md has the grammar with examples.
import { PanoptesError } from '../../errors.js';

/** Records whose time touches [from, to) are selected; either may be infinite. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const point = String.raw`(?:\d{4}\/\d{1,2}(?:\/\d{1,2})?|\d{1,2}\/\d{1,2})(?:\.\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?)?|\d{9,}(?:\.\d+)?|\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?`;
const span = String.raw`(\d+(?:\.\d+)?)([smhdw])`;
const rangePattern = new RegExp(`^(?:(${point})|-${span})(?:-(${point})|-?\\+${span})?$`);
const secondsOfUnit: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

export function parseTimeRange(text: string, now: Date = new Date()): TimeRange {
  const match = rangePattern.exec(text.trim());
  if (!match) throw notRange(text, 'as in: 10:50:00-11:00:00, 2026/11/24.10:50+5m, 2026/11/24, -10m');
  const [, start, ago, agoUnit, end, length, lengthUnit] = match;
  const first = start !== undefined ? readPoint(start, now) : undefined;
  if (start !== undefined && !first) throw notRange(text, 'there is no such date or time');
  const from = first ? first.from : now.getTime() / 1000 - seconds(ago, agoUnit);
  if (length !== undefined) return { from, to: from + seconds(length, lengthUnit) };
  if (end === undefined) return { from, to: first ? first.to : Number.POSITIVE_INFINITY };
  const last = readPoint(end, first ? new Date(first.from * 1000) : now);
  if (!last) throw notRange(text, 'there is no such date or time');
  // An end that is a day includes it; 23:00-01:00 ends on the next day.
  const to = last.whole ? last.to : last.from;
  const wraps = to <= from && !last.dated;
  if (to <= from && !wraps) throw notRange(text, 'it ends before it begins');
  return { from, to: wraps ? to + secondsOfDay : to };
}

const secondsOfDay = 86_400;

function seconds(count: string | undefined, unit: string | undefined): number {
  return Number(count) * (secondsOfUnit[unit ?? ''] ?? 1);
}

/** A point in time and the end of its smallest part: `10:50` is that minute, `2026/11/24` that day. */
interface Point {
  readonly from: number;
  readonly to: number;
  readonly dated: boolean;
  /** A day or month without a time of day. */
  readonly whole: boolean;
}

function readPoint(text: string, today: Date): Point | undefined {
  if (/^\d{9,}/.test(text)) {
    return { from: Number(text), to: Number(text) + 1, dated: true, whole: false };
  }
  const [dateText, timeText] = text.includes('/') ? cut(text, '.') : ['', text];
  const date = readDate(dateText, today);
  if (!date) return undefined;
  const { year, month, day } = date;
  if (timeText === '') {
    const to = day === undefined ? utc(year, month + 1, 1) : utc(year, month, day + 1);
    return { from: utc(year, month, day ?? 1), to, dated: true, whole: true };
  }
  if (day === undefined) return undefined; // 2026/11.10 : a month has no time of day
  const [hour = 0, minute, second] = timeText.split(':').map(Number);
  if (hour > 23 || (minute ?? 0) > 59 || (second ?? 0) >= 60) return undefined;
  const from = utc(year, month, day) + hour * 3600 + (minute ?? 0) * 60 + (second ?? 0);
  const length = minute === undefined ? 3600 : second === undefined ? 60 : 1;
  return { from, to: from + length, dated: dateText !== '', whole: false };
}

/** `yyyy/mm/dd`, `yyyy/mm`, `mm/dd` of this year, or '' for today; nothing if there is no such day. */
function readDate(text: string, today: Date): { year: number; month: number; day?: number } | undefined {
  const thisYear = today.getUTCFullYear();
  if (text === '') return { year: thisYear, month: today.getUTCMonth(), day: today.getUTCDate() };
  const parts = text.split('/').map(Number);
  const [year = 0, month = 0, day] = text.indexOf('/') === 4 ? parts : [thisYear, ...parts];
  // Date counts 2026/02/30 on to March.
  const date = new Date(Date.UTC(year, month - 1, day ?? 1));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== (day ?? 1)) return undefined;
  return { year, month: month - 1, ...(day === undefined ? {} : { day }) };
}

function utc(year: number, month: number, day: number): number {
  return Date.UTC(year, month, day) / 1000;
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function notRange(text: string, hint: string): PanoptesError {
  return new PanoptesError('bad-option', `'${text}' is no time range for -t`, hint);
}
