// Frames made by hand, sent as they are from one end of a cable.
import { execFileSync, spawn } from 'node:child_process';
import type { End } from './namespaces.js';

const hex = (text: string) => text.replaceAll(/[ :]/g, '');
const word = (value: number) => value.toString(16).padStart(4, '0');

export const farMac = '02:00:00:00:00:0b';
export const nearMac = '02:00:00:00:00:0a';
/** The addresses of a frame from far to near. */
export const macs = hex(nearMac) + hex(farMac);

/** A UDP datagram of 10.99.7.2 to 10.99.7.1, of zeros; `tags` stand before the IPv4 header. */
export function datagram(port: number, bytes: number, tags = ''): string {
  const header = `4500${word(28 + bytes)}000100004011${word(0)}0a6307020a630701`;
  return `${macs}${tags}0800${header}${word(40000)}${word(port)}${word(8 + bytes)}0000${'00'.repeat(bytes)}`;
}

const script = new URL('../support/send-frames.py', import.meta.url).pathname;

const wordsFor = (from: End, times: number) =>
  ['netns', 'exec', from.namespace, 'python3', script, from.interface, `${times}`] as const;

/** All of the frames, that many times over; returns when the last one has gone. */
export function sendFrames(from: End, frames: readonly string[], times = 1): void {
  execFileSync('ip', wordsFor(from, times), { input: frames.join('\n') });
}

/** The same meanwhile. */
export function startSending(from: End, frames: readonly string[], times: number) {
  const sender = spawn('ip', wordsFor(from, times), { stdio: ['pipe', 'inherit', 'inherit'] });
  sender.stdin.end(frames.join('\n'));
  return sender;
}
