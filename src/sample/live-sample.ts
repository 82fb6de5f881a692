// Sample traffic as a capture that is being written right now: the pcap header, then each packet when its time
// has come. The main job feeds it to the probe in place of a link.
import { setTimeout as sleep } from 'node:timers/promises';
import { pcapHeader, pcapRecord } from './capture-writer.js';
import { samplePackets } from './sample-traffic.js';

const format = { nanoseconds: true };
/** Packets travel in bundles of this many ms, at most this late. */
const bundleMs = 20;

/** After a pause this long (a machine that slept) the traffic begins anew in the present. */
const restartMs = 10_000;

/** Chunks of a pcap file in nanoseconds with present-day times, at real pace, until the signal aborts. */
export async function* liveSample(
  signal: AbortSignal,
  seed: number = Date.now(),
): AsyncGenerator<Uint8Array> {
  yield pcapHeader(format);
  for (let run = 0; !signal.aborted; run++) yield* untilPause(signal, seed + run);
}

async function* untilPause(signal: AbortSignal, seed: number): AsyncGenerator<Uint8Array> {
  const startMs = Date.now();
  const start = { seconds: Math.floor(startMs / 1000), nanos: (startMs % 1000) * 1e6 };
  let bundle: Uint8Array[] = [];
  for (const packet of samplePackets({ seed, start })) {
    const dueMs = packet.seconds * 1000 + packet.nanos / 1e6;
    if (dueMs < Date.now() - restartMs) return;
    if (dueMs > Date.now()) {
      if (bundle.length > 0) yield Buffer.concat(bundle);
      if (signal.aborted) return;
      bundle = [];
      while (dueMs > Date.now()) {
        await sleep(Math.max(bundleMs, dueMs - Date.now()), undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
    }
    bundle.push(pcapRecord(packet, format));
  }
}
