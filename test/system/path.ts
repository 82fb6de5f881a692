// Four network namespaces in a row, for real TCP between the two ends: sender - near router - far router - receiver.
// The probe listens between the routers; each router can lose what it forwards, and counts what it lost. Needs root,
// iproute2 and nftables.
import { execFileSync } from 'node:child_process';
import { inside, ip, namespacesMissing } from './namespaces.js';

const tag = `pr${process.pid % 100000}`;

/** Why there can be no such path here; undefined: there can. */
export function pathMissing(): string | undefined {
  const missing = namespacesMissing();
  if (missing !== undefined) return missing;
  const name = `${tag}t`;
  try {
    ip('netns', 'add', name);
    feed(
      name,
      'table inet t { chain f { type filter hook forward priority 0; numgen random mod 10 < 1 drop; }; }',
    );
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'needs nftables and python3';
  } finally {
    remove(name);
  }
}

/** Of 1000 segments, so many are lost at random; `toReceiver` in the direction of the data. */
export interface Losses {
  readonly toReceiver?: number;
  readonly toSender?: number;
}

/** How many were. */
export interface Lost {
  readonly toReceiver: number;
  readonly toSender: number;
}

export type Family = 'v4' | 'v6';
const prefix = { v4: '10.98.', v6: 'fd98:' } as const;
const hosts = (family: Family, net: number, host: number) =>
  family === 'v4' ? `${prefix.v4}${net}.${host}` : `${prefix.v6}${net}::${host}`;

export class Path {
  readonly sender = `${tag}s`;
  readonly near = `${tag}m`;
  readonly far = `${tag}n`;
  readonly receiver = `${tag}r`;
  /** In the far router, toward the near one. */
  readonly probed = { namespace: this.far, interface: 'middle-f' };
  readonly sending = { namespace: this.sender, interface: 'sender' };
  readonly receiving = { namespace: this.receiver, interface: 'receiver' };
  readonly port = 8080;

  constructor() {
    process.once('exit', () => this.remove());
    try {
      this.#make();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  #make(): void {
    for (const namespace of this.#all()) {
      ip('netns', 'add', namespace);
      sysctl(namespace, {
        'net.ipv4.ip_forward': 1,
        'net.ipv6.conf.all.forwarding': 1,
        'net.ipv6.conf.default.accept_dad': 0,
        'net.ipv4.tcp_no_metrics_save': 1,
      });
    }
    this.#join(1, [this.sender, 'sender'], [this.near, 'near']);
    this.#join(2, [this.near, 'middle-n'], [this.far, 'middle-f']);
    this.#join(3, [this.far, 'far'], [this.receiver, 'receiver']);
    for (const family of ['v4', 'v6'] as const) {
      const all = family === 'v4' ? '10.98.0.0/16' : 'fd98::/16';
      const route = (namespace: string, net: string, via: string) =>
        ip('-n', namespace, 'route', 'add', net, 'via', via);
      route(this.sender, all, hosts(family, 1, 2));
      route(this.receiver, all, hosts(family, 3, 1));
      const end = (net: number) => `${hosts(family, net, 0)}/${family === 'v4' ? 24 : 64}`;
      route(this.near, end(3), hosts(family, 2, 2));
      route(this.far, end(1), hosts(family, 2, 1));
    }
  }

  /** One TCP segment is one packet everywhere: no offload joins them. */
  #join(net: number, [left, leftName]: [string, string], [right, rightName]: [string, string]): void {
    ip('link', 'add', leftName, 'netns', left, 'type', 'veth', 'peer', 'name', rightName, 'netns', right);
    for (const [namespace, name, host] of [
      [left, leftName, 1],
      [right, rightName, 2],
    ] as const) {
      ip('-n', namespace, 'link', 'set', 'dev', name, 'gso_max_segs', '1');
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'address', 'add', `${hosts('v4', net, host)}/24`, 'dev', name);
      ip('-n', namespace, 'address', 'add', `${hosts('v6', net, host)}/64`, 'dev', name, 'nodad');
      ip('-n', namespace, 'link', 'set', name, 'up');
    }
  }

  address(family: Family): string {
    return hosts(family, 3, 2);
  }

  /** From now on, counted from 0. Before the probe the near router loses, behind it the far one. */
  lose(losses: {
    readonly near?: Losses;
    readonly far?: Losses;
    readonly markNear?: number;
    /** Instead of TCP on the usual port. */
    readonly udpPort?: number;
  }): void {
    for (const [namespace, lost = {}] of [
      [this.near, losses.near],
      [this.far, losses.far],
    ] as const) {
      const rule = (words: string, counter: string, chance = 0) =>
        `${losses.udpPort ? 'udp' : 'tcp'} ${words} ${losses.udpPort ?? this.port} numgen random mod 1000 < ${chance} counter name ${counter} drop;`;
      const mark = namespace === this.near ? (losses.markNear ?? 0) : 0;
      feed(
        namespace,
        `table inet loss {}
         delete table inet loss
         table inet loss {
           counter toReceiver {}
           counter toSender {}
           counter marked {}
           chain forward {
             type filter hook forward priority 0;
             ${lost.toReceiver ? rule('dport', 'toReceiver', lost.toReceiver) : ''}
             ${lost.toSender ? rule('sport', 'toSender', lost.toSender) : ''}
             ${mark ? `ip ecn { ect0, ect1 } tcp dport ${this.port} numgen random mod 1000 < ${mark} counter name marked ip ecn set ce;` : ''}
           }
         }`,
      );
    }
  }

  /** Nothing more is lost; what was is still counted. */
  keep(): void {
    for (const namespace of [this.near, this.far]) feed(namespace, 'flush chain inet loss forward');
  }

  lost(where: 'near' | 'far'): Lost & { readonly marked: number } {
    const counters = JSON.parse(inside(this[where], 'nft', '-j', 'list', 'counters')).nftables as {
      counter?: { name: string; packets: number };
    }[];
    const of = (name: string) => counters.find((item) => item.counter?.name === name)?.counter?.packets ?? 0;
    return { toReceiver: of('toReceiver'), toSender: of('toSender'), marked: of('marked') };
  }

  /** Packets that came to the receiver's interface. */
  arrived(): number {
    const [link] = JSON.parse(ip('-n', this.receiver, '-j', '-s', 'link', 'show', 'dev', 'receiver'));
    return link.stats64.rx.packets;
  }

  /** Settings of both ends' TCP. */
  tune(settings: Readonly<Record<string, number | string>>): void {
    for (const namespace of [this.sender, this.receiver]) sysctl(namespace, settings);
  }

  #all(): string[] {
    return [this.sender, this.near, this.far, this.receiver];
  }

  remove(): void {
    for (const namespace of this.#all()) remove(namespace);
  }
}

/** The kernel's counters of a namespace, by nstat's names. */
export function counters(namespace: string): Record<string, number> {
  return JSON.parse(inside(namespace, 'nstat', '-asz', '--json')).kernel;
}

function sysctl(namespace: string, settings: Readonly<Record<string, number | string>>): void {
  inside(namespace, 'sysctl', '-qw', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`));
}

function feed(namespace: string, rules: string): void {
  execFileSync('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], {
    input: rules,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

function remove(namespace: string): void {
  try {
    ip('netns', 'del', namespace);
  } catch {
    // It was never made, or is gone.
  }
}
