// A virtual cable between the network namespace of this process and one more, and the sender at its far end. The
// far namespace lives as long as a process that waits for this one to end, so nothing is left behind.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runJson } from './process.mjs';
import { tool } from './tools.mjs';

const near = 'vb';
const far = 'va';
/** A 1518 byte frame with a tag more. */
const mtu = '2000';
const quiet =
  'for i in all default; do echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; done 2>/dev/null; true';

function command(...words) {
  try {
    return execFileSync(words[0], words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${words.join(' ')}: ${String(error.stderr ?? error.message).trim()}`);
  }
}

export class Link {
  static interface = near;
  #holder;
  #inFar;
  #sender;
  #cpu;
  #capture;

  /** `cpu`: the sender's own; `capture`: what it sends. */
  static async open({ cpu, capture }) {
    const link = new Link();
    link.#cpu = cpu;
    link.#capture = capture;
    link.#sender = await tool('sender');
    link.#holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const { pid } = link.#holder;
    const own = readlinkSync('/proc/self/ns/net');
    for (let tries = 0; readlinkSync(`/proc/${pid}/ns/net`) === own; tries++) {
      if (tries > 100) throw new Error('there is no second network namespace');
      await sleep(20);
    }
    link.#inFar = ['nsenter', '-t', String(pid), '-n'];
    // No router solicitations and the like: nothing crosses the cable but what the sender sends.
    command('sh', '-c', quiet);
    command(...link.#inFar, 'sh', '-c', quiet);
    command('ip', 'link', 'set', 'lo', 'up');
    command(...['ip', 'link', 'add', near, 'mtu', mtu, 'type', 'veth', 'peer', 'name', far, 'mtu', mtu]);
    command('ip', 'link', 'set', far, 'netns', String(pid));
    command(...link.#inFar, 'ip', 'link', 'set', far, 'up');
    command('ip', 'link', 'set', near, 'up');
    return link;
  }

  /** Packets that came over the cable so far, by the kernel's count. */
  arrived() {
    const line = readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .find((one) => one.trim().startsWith(`${near}:`));
    return Number(line.split(':')[1].trim().split(/\s+/)[1]);
  }

  /** Sends for so long; 0 pps: as fast as it can. What the sender says of it, and `arrived`. */
  async send(pps, seconds) {
    const before = this.arrived();
    const args = [this.#capture, far, String(Math.round(pps)), String(seconds), String(this.#cpu)];
    const said = await runJson([...this.#inFar, this.#sender, ...args]);
    return { ...said, arrived: this.arrived() - before };
  }

  close() {
    this.#holder.stdin.end();
  }
}
