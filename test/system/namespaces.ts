// Two network namespaces joined by a virtual cable, for tests on live links. Needs root and iproute2.
import { execFileSync, spawn } from 'node:child_process';

const tag = `pt${process.pid % 100000}`;

/** Why there can be no namespaces here; undefined: there can. */
export function namespacesMissing(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux only';
  if (process.getuid?.() !== 0) return 'needs root';
  try {
    ip('netns', 'add', `${tag}t`);
    ip('netns', 'del', `${tag}t`);
    return undefined;
  } catch {
    return 'network namespaces cannot be made here';
  }
}

export function ip(...words: string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** One end of the cable. */
export interface End {
  readonly namespace: string;
  readonly interface: string;
  readonly address: string;
}

export class Cable {
  readonly near: End = { namespace: `${tag}a`, interface: 'veth-a', address: '10.99.0.1' };
  readonly far: End = { namespace: `${tag}b`, interface: 'veth-b', address: '10.99.0.2' };

  constructor() {
    for (const { namespace } of [this.near, this.far]) {
      ip('netns', 'add', namespace);
      // No router solicitations and no duplicate address detection: nothing is sent that no test sends.
      inside(
        namespace,
        'sysctl',
        '-qw',
        'net.ipv6.conf.all.disable_ipv6=1',
        'net.ipv6.conf.default.disable_ipv6=1',
      );
    }
    this.plug();
  }

  plug(): void {
    const { near, far } = this;
    ip(
      'link',
      'add',
      near.interface,
      'netns',
      near.namespace,
      'type',
      'veth',
      'peer',
      'name',
      far.interface,
      'netns',
      far.namespace,
    );
    for (const { namespace, interface: name, address } of [near, far]) {
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', name);
      ip('-n', namespace, 'link', 'set', name, 'up');
    }
  }

  unplug(): void {
    ip('-n', this.near.namespace, 'link', 'del', this.near.interface);
  }

  /** Packets that the near interface has received and sent so far, as the kernel counts them. */
  packets(): number {
    const [link] = JSON.parse(
      ip('-n', this.near.namespace, '-j', '-s', 'link', 'show', 'dev', this.near.interface),
    ) as [{ stats64: { rx: { packets: number }; tx: { packets: number } } }];
    return link.stats64.rx.packets + link.stats64.tx.packets;
  }

  remove(): void {
    for (const { namespace } of [this.near, this.far]) {
      try {
        ip('netns', 'del', namespace);
      } catch {
        // It was never made, or is gone.
      }
    }
  }
}

export function inside(namespace: string, command: string, ...words: string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespace, command, ...words], { encoding: 'utf8' });
}

/** A node process in a namespace that runs a script. */
export function nodeInside(namespace: string, script: string) {
  return spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
