// The flow meters that read the link: how each is started and ended, and how many packets it says it saw.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Link } from './live-link.mjs';
import { panoptes } from './packet-case.mjs';
import { findProgram } from './peers.mjs';
import { run, start } from './process.mjs';

const port = '20561'; // of a network namespace in which nobody else is
const bufferMib = 64; // the same for everybody: the default of panoptes
const patienceMs = 15_000;

const packetSockets = () => readFileSync('/proc/net/packet', 'utf8').trim().split('\n').length - 1;

/** Waits for a sign of life; throws with the words of the program where it does not come. */
async function until(test, program, name) {
  for (const begun = Date.now(); !(await test()); await sleep(50)) {
    if (program.hasEnded() || Date.now() - begun > patienceMs) {
      throw new Error(`${name} does not read the link: ${program.words().trim().slice(-500)}`);
    }
  }
}

async function metrics() {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return (name) => {
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`/metrics has no ${name}`);
    return Number(value);
  };
}

const startPanoptes = async ({ pin, pinClient, probe: more }) => {
  const probe = start([...pin, ...panoptes('probe', '-i', Link.interface, '-P', port, ...more)]);
  await until(
    async () => packetSockets() > 0 && (await metrics().then(Boolean, () => false)),
    probe,
    'panoptes probe',
  );
  const client = start([...pinClient, ...panoptes('ra', '-S', `localhost:${port}`, '-w', '/dev/null')]);
  await until(async () => (await metrics())('panoptes_fanout_subscribers') > 0, client, 'panoptes ra');
  return {
    pid: probe.pid,
    counts: async () => {
      const value = await metrics();
      return {
        packets: value('panoptes_capture_packets_total'),
        dropped: value('panoptes_capture_dropped_total'),
        droppedLater: value('panoptes_batch_dropped_packets_total'),
        missedByClient: value('panoptes_fanout_missed_records_total'),
      };
    },
    stop: async () => {
      await client.end('SIGTERM');
      await probe.end('SIGTERM');
      return undefined;
    },
  };
};

const startArgus = async ({ pin, scratch }) => {
  const records = join(scratch, 'argus.out');
  const conf = join(scratch, 'argus.conf');
  rmSync(records, { force: true });
  writeFileSync(conf, `ARGUS_PCAP_BUF_SIZE=${bufferMib}M\n`);
  const argus = start([
    ...pin,
    ...['argus', '-i', Link.interface, '-w', records, '-F', conf, '-J', '-R', '-Z', '-A', '-m', '-S', '5'],
  ]);
  await until(() => packetSockets() > 0, argus, 'argus');
  return {
    pid: argus.pid,
    stop: async () => {
      // It ends by itself: who kills it counts records as lost that were never written.
      await argus.end('SIGINT');
      const { out } = existsSync(records) ? await run(['racount', '-r', records]) : { out: '' };
      rmSync(records, { force: true });
      const packets = Number(/^\s*sum\s+\d+\s+(\d+)/m.exec(out)?.[1]);
      if (!Number.isInteger(packets))
        throw new Error(`racount says nothing of argus: ${argus.words().slice(-300)}`);
      return { packets };
    },
  };
};

const startSoftflowd = async ({ pin, scratch }) => {
  const control = join(scratch, 'softflowd.ctl');
  const softflowd = start([
    ...pin,
    ...['softflowd', '-i', Link.interface, '-d', '-v', '9', '-6', '-m', '4000000', '-n', '127.0.0.1:9999'],
    ...['-c', control, '-p', join(scratch, 'softflowd.pid'), '-B', String(bufferMib << 20)],
  ]);
  await until(() => packetSockets() > 0, softflowd, 'softflowd');
  return {
    pid: softflowd.pid,
    stop: async () => {
      const { out } = await run(['softflowctl', '-c', control, 'statistics']);
      await softflowd.end('SIGTERM');
      const value = (name) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(out)?.[1]);
      const packets = value('Packets processed');
      if (!Number.isInteger(packets)) throw new Error(`softflowctl says nothing: ${out.slice(-300)}`);
      // It leaves some packets in the ring until more come, so what it processed says nothing of loss.
      const dropped = value('Packets dropped by libpcap');
      return { packets, dropped, lost: dropped };
    },
  };
};

/**
 * `start({ pin, pinClient, probe, scratch })`: { pid, counts?, stop }. Both return { packets, dropped?, lost? }: packets that
 * it accounted for, what the kernel dropped, and what it lost where that is not what it did not account for; `counts` while it runs, `stop` at its end.
 */
export const readers = [
  { name: 'panoptes', needs: [], start: startPanoptes },
  { name: 'argus', needs: ['argus', 'racount'], start: startArgus },
  { name: 'softflowd', needs: ['softflowd', 'softflowctl'], start: startSoftflowd },
];

/** { found, missing: words about the others }. */
export function installedReaders(wanted) {
  const chosen = readers.filter(({ name }) => name === 'panoptes' || wanted.includes(name));
  const lacks = ({ needs }) => needs.filter((program) => findProgram(program) === undefined);
  return {
    found: chosen.filter((reader) => lacks(reader).length === 0),
    missing: chosen
      .filter((reader) => lacks(reader).length > 0)
      .map((reader) => `${reader.name}: skipped, ${lacks(reader).join(' and ')} not installed`),
  };
}
