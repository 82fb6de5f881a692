// Several threads on one live link: no packet is lost or seen twice, no flow is torn, whatever it travels in. A probe in
// one network namespace, its peers in another; both ends have many addresses, so that both threads have work.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/client/stream.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';
import type { ProbeStatus } from '../../src/wire/frames.js';
import { Cable, inside, ip, namespacesMissing } from './namespaces.js';

const missing = namespacesMissing();
const command = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'panoptes-threads-live-'));
const peers = 24;
const tunnels = 6;
const tableIds = 2 ** 44; // flow ids of one table

interface Row {
  readonly table: number;
  readonly protocol: number | undefined;
  readonly ends: string;
  readonly src: number;
  readonly dst: number;
  readonly tunnel: number | undefined;
  readonly port: number | undefined;
  readonly errors: number;
}

function rowsOf(batch: FlowBatch): Row[] {
  const [id, protocol, tunnel] = [
    batch.column('flowId'),
    batch.column('protocol'),
    batch.column('tunnelType'),
  ];
  const [src, dst] = [batch.column('srcPackets'), batch.column('dstPackets')];
  const [srcPort, dstPort] = [batch.column('srcPort'), batch.column('dstPort')];
  const [srcText, dstText] = [batch.addressText('src'), batch.addressText('dst')];
  const errors = batch.column('icmpErrors');
  return Array.from({ length: batch.rows }, (_, row) => ({
    table: Math.floor((id(row) ?? 0) / tableIds),
    protocol: protocol(row),
    ends: [`${srcText(row)}:${srcPort(row)}`, `${dstText(row)}:${dstPort(row)}`].join(' > '),
    src: src(row) ?? 0,
    dst: dst(row) ?? 0,
    tunnel: tunnel(row),
    port: dstPort(row),
    errors: errors(row) ?? 0,
  }));
}

/** `panoptes probe` in the near namespace, which writes a file. */
class ThreadedProbe {
  readonly #child: ChildProcess;
  readonly #path: string;
  words = '';

  private constructor(cable: Cable, threads: number, more: readonly string[]) {
    this.#path = join(folder, `${performance.now()}.pan`);
    const options = ['-i', cable.near.interface, '--threads', `${threads}`, '-S', '0', '-w', this.#path];
    this.#child = spawn(
      'ip',
      [
        'netns',
        'exec',
        cable.near.namespace,
        process.execPath,
        command,
        'probe',
        ...options,
        '--max-flows',
        '10000',
        ...more,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#child.stderr?.on('data', (bytes) => {
      this.words += bytes;
    });
  }

  /** Resolves once its packet sockets are open. */
  static async open(cable: Cable, threads: number, ...more: string[]): Promise<ThreadedProbe> {
    const probe = new ThreadedProbe(cable, threads, more);
    const sockets = () =>
      inside(cable.near.namespace, 'cat', '/proc/net/packet').trim().split('\n').length - 1;
    // Opening a link takes more sockets for a moment than reading it.
    let steady = 0;
    for (let tries = 0; tries < 400 && steady < 5; tries++) {
      steady = sockets() === threads ? steady + 1 : 0;
      await sleep(25);
    }
    expect(sockets(), probe.words).toBe(threads);
    await sleep(200);
    return probe;
  }

  /** The CPUs that its threads may run on, as many texts as threads. */
  cpus(): string[] {
    const tasks = `/proc/${this.#child.pid}/task`;
    return readdirSync(tasks).map(
      (task) =>
        /^Cpus_allowed_list:\t(.*)$/m.exec(readFileSync(`${tasks}/${task}/status`, 'utf8'))?.[1] ?? '',
    );
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** Asks for the end once all has been handed over; what was measured. */
  async end(): Promise<{ rows: Row[]; status: ProbeStatus }> {
    await sleep(500);
    this.#child.kill('SIGINT');
    expect(await this.ended(), this.words).toBe(0);
    return this.measured();
  }

  async measured(): Promise<{ rows: Row[]; status: ProbeStatus }> {
    const rows: Row[] = [];
    let status: ProbeStatus | undefined;
    const source = openSource({ kind: 'file', path: this.#path }, { signal: new AbortController().signal });
    for await (const item of source) {
      if (item.kind === 'batch') rows.push(...rowsOf(item.batch));
      if (item.kind === 'status') status = item.status;
    }
    if (!status) throw new Error('there was no status');
    return { rows, status };
  }
}

const peerAddress = (index: number) => `10.99.0.${10 + index}`;
const innerAddress = (tunnel: number, end: 'near' | 'far') => `10.98.${tunnel}.${end === 'near' ? 1 : 2}`;

/** Runs python in the far namespace. */
function far(cable: Cable, script: string): void {
  execFileSync('ip', ['netns', 'exec', cable.far.namespace, 'python3', '-c', script], { encoding: 'utf8' });
}

/** Answers each datagram with its first 20 bytes. */
async function echoServer(cable: Cable, port: number) {
  const server = spawn(
    'ip',
    [
      'netns',
      'exec',
      cable.near.namespace,
      'python3',
      '-uc',
      `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', ${port}))
print('bound')
while True:
    data, peer = s.recvfrom(65535)
    s.sendto(data[:20], peer)
`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(server.stdout, 'data');
  return server;
}

/** From each of the addresses, to the address of the same place: so many datagrams, each of which is answered. */
function askAll(
  cable: Cable,
  from: readonly string[],
  to: readonly string[],
  port: number,
  count: number,
  size = 50,
) {
  far(
    cable,
    `
import socket
for source, target in zip(${JSON.stringify(from)}, ${JSON.stringify(to)}):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(5)
    s.bind((source, 40000))
    for _ in range(${count}):
        s.sendto(b'x' * ${size}, (target, ${port}))
        s.recv(100)
`,
  );
}

/** The same from each of the peers' addresses to the near end of the cable. */
function askNear(cable: Cable, from: readonly string[], port: number, count: number, size?: number) {
  const to = from.map(() => cable.near.address);
  askAll(cable, from, to, port, count, size);
}

const udpTo = (rows: readonly Row[], port: number) =>
  rows.filter((row) => row.protocol === 17 && row.port === port);
const tablesOf = (rows: readonly Row[]) => new Set(rows.map(({ table }) => table));
const perPeer = Array.from({ length: peers }, (_, index) => index);

describe.skipIf(missing !== undefined)(`threads of a link${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cable: Cable;
  const servers: ChildProcess[] = [];
  beforeAll(async () => {
    cable = new Cable();
    const { near, far: other } = cable;
    for (const index of perPeer) {
      ip('-n', other.namespace, 'address', 'add', `${peerAddress(index)}/24`, 'dev', other.interface);
    }
    for (let tunnel = 0; tunnel < tunnels; tunnel++) {
      for (const [end, local, remote] of [
        [near, near.address, peerAddress(tunnel)],
        [other, peerAddress(tunnel), near.address],
      ] as const) {
        const name = `vx${tunnel}`;
        // As between two hosts, where each end chooses a source port by a secret of its own.
        const port = (end === near ? 50_000 : 61_000) + 7 * tunnel;
        const ports = ['srcport', `${port}`, `${port + 1}`, 'dstport', '4789'];
        const vxlan = ['type', 'vxlan', 'id', `${100 + tunnel}`, ...ports];
        ip(
          '-n',
          end.namespace,
          'link',
          'add',
          name,
          ...vxlan,
          'local',
          local,
          'remote',
          remote,
          'dev',
          end.interface,
        );
        const inner = innerAddress(tunnel, end === near ? 'near' : 'far');
        ip('-n', end.namespace, 'address', 'add', `${inner}/24`, 'dev', name);
        ip('-n', end.namespace, 'link', 'set', name, 'up');
      }
    }
    servers.push(await echoServer(cable, 7001));
  });
  afterAll(() => {
    for (const server of servers) server.kill('SIGKILL');
    cable?.remove();
  });

  test('have all packets of the link between them, each once, and whole flows', async () => {
    const probe = await ThreadedProbe.open(cable, 2);
    const before = cable.packets();
    const addresses = perPeer.map(peerAddress);
    askNear(cable, addresses, 7001, 20);
    await sleep(300);
    const crossed = cable.packets() - before;
    const { rows, status } = await probe.end();
    const flows = udpTo(rows, 7001);
    expect(flows.map(({ ends }) => ends).sort()).toEqual(
      addresses.map((address) => `${address}:40000 > ${cable.near.address}:7001`).sort(),
    );
    for (const flow of flows) expect([flow.src, flow.dst]).toEqual([20, 20]);
    expect(tablesOf(flows)).toEqual(new Set([0, 1]));
    expect(status.packets).toBe(crossed);
    expect(rows.reduce((sum, { src, dst }) => sum + src + dst, 0)).toBe(crossed);
    expect(status.sources).toMatchObject([{ name: cable.near.interface, dropped: 0 }]);
    expect(status.maxFlows).toBe(10_000);
  });

  test('keep what a VXLAN tunnel carries both ways in one flow', async () => {
    const probe = await ThreadedProbe.open(cable, 2);
    const inner = (end: 'near' | 'far') =>
      Array.from({ length: tunnels }, (_, tunnel) => innerAddress(tunnel, end));
    askAll(cable, inner('far'), inner('near'), 7001, 10);
    const { rows } = await probe.end();
    const flows = udpTo(rows, 7001);
    expect(flows.map(({ ends }) => ends).sort()).toEqual(
      inner('far').map((address, tunnel) => `${address}:40000 > ${innerAddress(tunnel, 'near')}:7001`),
    );
    for (const flow of flows) expect([flow.src, flow.dst, flow.tunnel]).toEqual([10, 10, 9]);
    expect(tablesOf(flows)).toEqual(new Set([0, 1]));
  });

  test('keep fragments with their datagram', async () => {
    const probe = await ThreadedProbe.open(cable, 3);
    const addresses = perPeer.map(peerAddress);
    // 4000 bytes are 3 fragments on a link of 1500.
    askNear(cable, addresses, 7001, 5, 4000);
    const { rows, status } = await probe.end();
    const flows = udpTo(rows, 7001);
    expect(flows).toHaveLength(peers);
    for (const flow of flows) expect([flow.src, flow.dst]).toEqual([15, 5]);
    expect(rows.filter(({ protocol, port }) => protocol === 17 && port === 0)).toEqual([]);
    expect(status).toMatchObject({ fragmentsOrphaned: 0, fragmentsJoined: 10 * peers });
  });

  test('tell each other of ICMP errors', async () => {
    const probe = await ThreadedProbe.open(cable, 2);
    const addresses = perPeer.map(peerAddress);
    askNear(cable, addresses, 7001, 1);
    // Each of the peers says of every answer to the others that it could not be delivered.
    far(
      cable,
      `
import socket, struct
near = socket.inet_aton('${cable.near.address}')
def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff
for reporter in ${JSON.stringify(addresses.slice(0, 4))}:
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    s.bind((reporter, 0))
    for target in ${JSON.stringify(addresses.slice(4))}:
        quote = struct.pack('!BBHHHBBH4s4sHHHH', 0x45, 0, 48, 1, 0, 64, 17, 0, near, socket.inet_aton(target), 7001, 40000, 28, 0)
        error = struct.pack('!BBHI', 11, 0, 0, 0) + quote
        s.sendto(error[:2] + struct.pack('!H', checksum(error)) + error[4:], ('${cable.near.address}', 0))
`,
    );
    const { rows, status } = await probe.end();
    const flows = udpTo(rows, 7001);
    expect(tablesOf(flows)).toEqual(new Set([0, 1]));
    for (const [index, address] of addresses.entries()) {
      const errors = flows
        .filter(({ ends }) => ends.startsWith(`${address}:`))
        .reduce((sum, row) => sum + row.errors, 0);
      expect(errors, address).toBe(index < 4 ? 0 : 4);
    }
    expect(status.notesDropped).toBe(0);
  });

  test('stay on the CPUs that they are given', async () => {
    const cpus = /^Cpus_allowed_list:\t(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    const first = /^\d+/.exec(cpus)?.[0] ?? '0';
    const probe = await ThreadedProbe.open(cable, 2, '--cpus', first);
    const pinned = probe.cpus().filter((text) => text === first);
    await probe.end();
    if (cpus !== first) expect(pinned).toHaveLength(2);
  });

  test('say once that their link does not exist, or has gone', async () => {
    const probe = await ThreadedProbe.open(cable, 2);
    const addresses = perPeer.map(peerAddress);
    askNear(cable, addresses, 7001, 1);
    await sleep(500);
    cable.unplug();
    expect(await probe.ended()).toBe(1);
    cable.plug();
    expect(probe.words.match(/has disappeared/g)).toHaveLength(1);
    const { rows } = await probe.measured();
    expect(udpTo(rows, 7001).reduce((sum, { src, dst }) => sum + src + dst, 0)).toBe(2 * peers);

    const absent = spawn(
      'ip',
      [
        'netns',
        'exec',
        cable.near.namespace,
        process.execPath,
        command,
        'probe',
        '-i',
        'veth-x',
        '--threads',
        '3',
        '-w',
        join(folder, 'x.pan'),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let words = '';
    absent.stderr.on('data', (bytes) => {
      words += bytes;
    });
    await once(absent, 'exit');
    expect(absent.exitCode).toBe(2);
    expect(words.match(/there is no interface 'veth-x'/g)).toHaveLength(1);
  });
});
