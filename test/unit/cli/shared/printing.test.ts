import { Command } from 'commander';
import { expect, it } from 'vitest';
import { arrangeWords } from '../../../../src/cli/shared/arguments.js';
import {
  addClientOptions,
  isDashedValue,
  readClientOptions,
} from '../../../../src/cli/shared/client-options.js';
import { type Printing, printing } from '../../../../src/cli/shared/printing.js';
import type { ProbeStatus } from '../../../../src/wire/frames.js';
import { makeBatch, tcpRow } from '../../support/batches.js';

const sizes = { srcMinSize: 60, srcMaxSize: 100, srcSize0: 4 };
const batch = makeBatch([tcpRow({ srcBytes: 1_234_567, ...sizes })]);

function printer(line: string): Printing {
  const command = addClientOptions(new Command('ra')).action(() => {});
  command.parse(arrangeWords(command, ['-r', 'a', ...line.split(' ')], isDashedValue), { from: 'user' });
  return printing(readClientOptions(command.opts(), []));
}

const row = (line: string) => printer(line).printer.row(batch, 0).trimEnd();

it('prints a table with the columns of argus', () => {
  expect(printer('-n').printer.header()).toMatch(/StartTime +Flgs +Proto +SrcAddr .*State\n$/);
});

it('prints the fields that are asked for, with delimiter, digits and units', () => {
  expect(row('-s saddr sport sbytes -c ,')).toBe('10.0.0.1,40000,1234567');
  expect(row('-s dport -c , -n')).toBe('80');
  expect(row('-s dport -c ,')).toBe('http');
  expect(row('-s dur -c , -p 1')).toBe('0.5');
  expect(row('-s sbytes -c , -H')).toBe('1.235M');
});

it('prints all of a record as json, and only what is asked for', () => {
  expect(JSON.parse(row('-M json'))).toMatchObject({ saddr: '10.0.0.1', spkts: 10, dur: 0.5 });
  expect(row('-M json -s saddr spkts')).toBe('{"saddr":"10.0.0.1","spkts":10}');
});

it("prints argus's rates in every format where they are asked for", () => {
  for (const format of ['-c ,', '-M csv', '-M json']) {
    const [ours, theirs] = [row(`${format} -s rate sload`), row(`${format} -s rate sload -M argus-rates`)];
    expect(theirs).not.toBe(ours);
  }
  expect(row('-M csv,argus-rates -s spkts')).toBe(row('-M csv -s spkts'));
});

it('prints the sizes of frames as an array in json and as one text elsewhere', () => {
  expect(row('-M csv -s spktsz')).toBe('4:6:0:0:0:0:0:0');
  expect(row('-M json -s spktsz')).toBe('{"spktsz":[4,6,0,0,0,0,0,0]}');
});

it('prints csv with a header of names', () => {
  expect(printer('-M csv -s saddr spkts').printer.header()).toBe('saddr,spkts\n');
});

it('prints a status in the form of the records', () => {
  const status = { timeSeconds: 1, timeNanos: 0, packets: 7, undecoded: {} } as unknown as ProbeStatus;
  expect(JSON.parse(printer('-M json man').statusText(status))).toMatchObject({ type: 'status', packets: 7 });
  expect(printer('-M man').statusText(status)).toContain('packets 7');
});

it('asks servers for payload only when a field shows it', () => {
  expect(printer('-M json').wantsPayload).toBe(false);
  expect(printer('-s +suser').wantsPayload).toBe(true);
});

it('refuses an unknown field', () => {
  expect(() => printer('-s saddr sbites')).toThrow("unknown field 'sbites', did you mean 'sbytes'?");
});
