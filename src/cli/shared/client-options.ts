// The options that every client command shares, on the way from commander to the command: declared here, read here,
// checked here.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseServer } from '../../client/server-address.js';
import type { SourceSpec } from '../../client/stream.js';
import { PanoptesError } from '../../errors.js';
import type { Filter } from '../../filter/ast.js';
import { parseFilter } from '../../filter/parser.js';
import { findField } from '../../record/fields.js';
import { suggest } from '../../record/suggest.js';
import {
  addDecodeOptions,
  checkForCaptures,
  type DecodeOptions,
  decodeOptionsOf,
  type RawDecodeOptions,
} from './decode-options.js';
import { noLimit, parseRecordLimit, type RecordLimit } from './record-limit.js';
import { parseTimeRange, type TimeRange } from './time-range.js';

/** What -M takes: a format of the records, `man` for status messages between them, `argus-rates` for rate and load as
 *  argus has them. */
export const modes = ['json', 'csv', 'man', 'argus-rates'] as const;
export type Mode = (typeof modes)[number];

export interface ClientOptions {
  readonly sources: readonly SourceSpec[];
  readonly filter: Filter;
  readonly filterText: string;
  /** Write records as frames to this file ('-': stdout) instead of printing them. */
  readonly write?: string;
  /** As given with -s; empty: the defaults. */
  readonly fields: readonly string[];
  readonly numeric: 0 | 1 | 2 | 3;
  readonly unix: boolean;
  readonly delimiter?: string;
  readonly format: 'table' | 'json' | 'csv';
  readonly man: boolean;
  /** rate and load as argus prints them; filters are not touched. */
  readonly argusRates: boolean;
  readonly limit: RecordLimit;
  readonly headerEvery: number;
  readonly precision?: number;
  readonly abbreviate: boolean;
  readonly range?: TimeRange;
  /** How captures are decoded. */
  readonly decode: DecodeOptions;
}

/** What commander makes of the options below. */
interface Raw extends RawDecodeOptions {
  server?: string[];
  read?: string[];
  write?: string;
  fields?: string[];
  numeric: number;
  unixTime?: boolean;
  delimiter?: string;
  mode?: string[];
  count?: RecordLimit;
  header?: number;
  precision?: number;
  abbreviate?: boolean;
  time?: TimeRange;
}

const gather = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

export function addClientOptions(command: Command): Command {
  command
    .addOption(
      new Option(
        '-S, --server <server>',
        'read from a probe: host, host:port, [v6]:port, ws://, wss:// (repeatable)',
      ).argParser(gather),
    )
    .addOption(
      new Option('-r, --read <file...>', 'read record files or captures, - is stdin').argParser(gather),
    )
    .option('-w, --write <file>', 'write records to a file instead of printing them, - is stdout')
    .addOption(
      new Option(
        '-s, --fields <field...>',
        'fields to print: name, name:width, +2dur inserts, -bytes removes',
      ).argParser(gather),
    )
    .option(
      '-n, --numeric',
      'ports as numbers; -nn protocols too, -nnn hosts too',
      (_, count: number) => Math.min(count + 1, 3),
      0,
    )
    .option('-u, --unix-time', 'times as seconds since 1970')
    .option('-c, --delimiter <char>', 'character between fields instead of columns', parseDelimiter)
    .addOption(
      new Option(
        '-M, --mode <mode...>',
        `one of: ${modes.join(', ')}; man adds the probe's status messages, argus-rates prints rate and load as argus does`,
      ).argParser(gather),
    )
    .option('-N, --count <count>', 'stop after that many records; start-end, start+count', parseRecordLimit)
    .option('-L, --header <lines>', 'a header every so many lines; 0: one, -1: none', wholeNumber(-1, 1e9))
    .option('-p, --precision <digits>', 'digits after the decimal point', wholeNumber(0, 9))
    .option('-H, --abbreviate', 'large numbers with K, M, G')
    .option(
      '-t, --time <range>',
      'records of that time: 10:50:00-11:00:00, 2026/11/24.10:50+5m, -10m',
      (text) => parseTimeRange(text),
    );
  return addDecodeOptions(command).argument(
    '[filter...]',
    "behind a lone '-': which records, as in: ra -r FILE - tcp port 80",
  );
}

/** Words with a dash that still belong to a list: `-s +2dur -bytes`. */
export function isDashedValue(option: Option, word: string): boolean {
  return option.long === '--fields' && findField(word.slice(1).split(':')[0] ?? '') !== undefined;
}

/** `filterWords` are the words behind the lone dash. Throws 'bad-option' or 'bad-filter'. */
export function readClientOptions(raw: Raw, filterWords: readonly string[]): ClientOptions {
  const sources: SourceSpec[] = [
    ...(raw.read ?? []).map((path) => ({ kind: 'file', path }) as const),
    ...(raw.server ?? []).map((server) => ({ kind: 'server', url: parseServer(server) }) as const),
  ];
  if (sources.length === 0) {
    throw new PanoptesError(
      'bad-option',
      'there is nothing to read',
      'name a probe with -S or files with -r',
    );
  }
  const chosen = new Set((raw.mode ?? []).flatMap((mode) => mode.split(',')).map(checkMode));
  if (chosen.has('json') && chosen.has('csv')) {
    throw new PanoptesError('bad-option', 'records are printed as json or as csv, not as both');
  }
  const filterText = filterWords.join(' ');
  const decode = decodeOptionsOf(raw);
  checkForCaptures(decode, raw.read !== undefined, 'name captures with -r; a probe has options of its own');
  return {
    sources,
    filterText,
    filter: parseFilter(filterText),
    ...optional('write', raw.write),
    fields: (raw.fields ?? []).flatMap((list) => list.split(',')).filter((name) => name !== ''),
    numeric: raw.numeric as ClientOptions['numeric'],
    unix: raw.unixTime ?? false,
    ...optional('delimiter', raw.delimiter),
    format: chosen.has('json') ? 'json' : chosen.has('csv') ? 'csv' : 'table',
    man: chosen.has('man'),
    argusRates: chosen.has('argus-rates'),
    limit: raw.count ?? noLimit,
    headerEvery: raw.header ?? 0,
    ...optional('precision', raw.precision),
    abbreviate: raw.abbreviate ?? false,
    ...optional('range', raw.time),
    decode,
  };
}

function optional<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: V });
}

function checkMode(mode: string): Mode {
  const known = modes.find((name) => name === mode);
  if (known) return known;
  const near = suggest(mode, modes);
  const tail = near ? `, did you mean '${near}'?` : '';
  throw new PanoptesError('bad-option', `unknown mode '${mode}' for -M${tail}`, `modes: ${modes.join(', ')}`);
}

function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text;
  if ([...delimiter].length === 1) return delimiter;
  throw new InvalidArgumentError('one character is needed.');
}

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`a whole number from ${low} to ${high} is needed.`);
  };
}
