// Numbers, times and cells as text. Neighbours: the printers.
import type { RecordTime } from '../record/field.js';

const lastSecond = 253402300799; // 9999-12-31T23:59:59Z

// Records come in the order of time, so the second before is mostly the one that is asked for again.
let knownSecond = 0;
let knownText = '1970-01-01T00:00:00';

function printSecond(seconds: number): string {
  if (seconds !== knownSecond) {
    knownText = new Date(seconds * 1000).toISOString().slice(0, 19);
    knownSecond = seconds;
  }
  return knownText;
}

/** RFC 3339 in UTC, with `digits` of a second (cut, not rounded: a record never prints later than it was). */
export function printTime(time: RecordTime, digits: number): string {
  return `${printSecond(Math.min(time.seconds, lastSecond))}${fraction(time.nanos, digits)}Z`;
}

/** Seconds since 1970. */
export function printUnixTime(time: RecordTime, digits: number): string {
  return `${time.seconds}${fraction(time.nanos, digits)}`;
}

function fraction(nanos: number, digits: number): string {
  return digits === 0 ? '' : `.${Math.floor(nanos).toString().padStart(9, '0').slice(0, digits)}`;
}

/** Width of a time as text. */
export function timeWidth(unix: boolean, digits: number): number {
  const point = digits === 0 ? 0 : digits + 1;
  return (unix ? 10 : 20) + point;
}

const powers = Array.from({ length: 10 }, (_, digits) => 10 ** digits);

/** A number with at most `digits` behind the point and no zeros at its end, as JSON and csv have it. */
export function printShortest(value: number, digits: number): string {
  if (Number.isInteger(value)) return value.toString();
  const power = powers[digits] as number;
  const rounded = Math.round(value * power) / power;
  // Large numbers have no digits left that rounding could change.
  return (Number.isFinite(rounded) ? rounded : value).toString();
}

const suffixes = ['', 'K', 'M', 'G', 'T', 'P'];

/** 1234567 as 1.235M, with up to three digits behind the point; below 1000 as it is. */
export function printAbbreviated(value: number): string {
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 999.9995 && step < suffixes.length - 1) {
    scaled /= 1000;
    step++;
  }
  return step === 0 ? printShortest(value, 3) : `${printShortest(scaled, 3)}${suffixes[step]}`;
}

/** Text in a cell: padded; cut to the width with `*` at the end where that was asked for. */
export function fitText(text: string, width: number, align: 'left' | 'right', cut: boolean): string {
  if (cut && text.length > width) return `${text.slice(0, width - 1)}*`;
  return align === 'left' ? text.padEnd(width) : text.padStart(width);
}
