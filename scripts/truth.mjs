// node scripts/truth.mjs [--check]: where panoptes, tshark and argus differ about the TCP connections of real captures,
// as lines of the table in docs/truth.md. The captures are not part of the project: PANOPTES_CORPUS names the folder,
// else ../shared/corpus. --check compares with docs/truth.md instead, whose last column is written by hand: exit 1 if a
// line is missing, wrong or no longer true. Needs a build.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSource } from '../dist/client/stream.js';
import { findField } from '../dist/record/fields.js';
import { inProject, say } from './lib/project.mjs';
import { csvRows, rowsOf } from './lib/truth-table.mjs';

const corpus = process.env.PANOPTES_CORPUS ?? inProject('../shared/corpus');
const truthFolder = join(corpus, 'truth');
const page = inProject('docs/truth.md');

function captures() {
  return readdirSync(truthFolder)
    .filter((name) => name.endsWith('.argus.csv'))
    .map((name) => name.slice(0, -'.argus.csv'.length))
    .filter((name) => existsSync(join(corpus, name)) && existsSync(join(truthFolder, `${name}.json`)))
    .sort();
}

const names = ['sport', 'dport', 'tcprtt'].concat(
  ['retrans', 'lostup', 'spur', 'ooo', 'gap', 'keep', 'zwin'].flatMap((name) => [`s${name}`, `d${name}`]),
);

/** TCP records as `panoptes ra -r` gives them, with the fields that the table needs. */
async function recordsOf(name) {
  const records = [];
  const source = openSource(
    { kind: 'file', path: join(corpus, name) },
    { signal: new AbortController().signal, probe: { statusInterval: 0, maxFlows: 100_000 } },
  );
  for await (const { kind, batch } of source) {
    if (kind !== 'batch') continue;
    const protocol = batch.column('protocol');
    const [saddr, daddr] = [batch.addressText('src'), batch.addressText('dst')];
    const readers = names.map((field) => [field, findField(field).read(batch)]);
    for (let row = 0; row < batch.rows; row++) {
      if (protocol(row) !== 6) continue;
      const values = readers.map(([field, read]) => [field, read(row)]);
      records.push({ saddr: saddr(row), daddr: daddr(row), ...Object.fromEntries(values) });
    }
  }
  return records;
}

/** `| capture | quantity | panoptes | tshark | argus |` */
async function tableLines() {
  const lines = [];
  for (const name of captures()) {
    const truth = JSON.parse(readFileSync(join(truthFolder, `${name}.json`), 'utf8'));
    const argus = csvRows(readFileSync(join(truthFolder, `${name}.argus.csv`), 'utf8'));
    const rows = rowsOf({ records: await recordsOf(name), truth, argus });
    const short = name.replace(/\.pcap(ng)?$/, '');
    for (const row of rows) {
      lines.push(`| ${short} | ${row.quantity} | ${row.ours} | ${row.tshark} | ${row.argus} |`);
    }
  }
  return lines;
}

/** The lines of the page's table without their last column. */
function pageLines() {
  return readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) =>
      /^\| \w+ \| (sent again|spurious|out of order|gaps|keep-alives|zero windows|handshakes timed) \|/.test(
        line,
      ),
    )
    .map((line) => line.match(/^(?:\|[^|]*){5}\|/)?.[0] ?? line);
}

function check(lines) {
  const written = pageLines();
  const missing = lines.filter((line) => !written.includes(line));
  const gone = written.filter((line) => !lines.includes(line));
  for (const line of missing) say(`not in docs/truth.md: ${line}`);
  for (const line of gone) say(`no longer true: ${line}`);
  return missing.length + gone.length === 0 ? 0 : 1;
}

if (!existsSync(truthFolder)) {
  say(`there are no captures in ${corpus}`);
  process.exitCode = 2;
} else {
  const lines = await tableLines();
  if (process.argv.includes('--check')) process.exitCode = check(lines);
  else process.stdout.write(`${lines.join('\n')}\n`);
}
