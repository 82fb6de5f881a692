import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { NativeItem } from '../../../src/probe/native-module.js';
import { Probe } from '../../../src/probe/probe.js';
import { batch, FakeProbe, fakeModule } from './fake-native.js';

const live = { sources: [{ kind: 'interface' as const, name: 'lo' }] };

async function started(probe: Probe) {
  const before = FakeProbe.last;
  const items = probe[Symbol.asyncIterator]();
  const first = items.next();
  await vi.waitFor(() => expect(FakeProbe.last).not.toBe(before));
  return { items, first, native: FakeProbe.last as FakeProbe };
}

test('hands on items in their order and ends after the end', async () => {
  const { items, first, native } = await started(Probe.open(live, fakeModule));
  native.add(batch(1), { kind: 'status', bytes: Uint8Array.of(9) }, batch(2), { kind: 'end' });
  expect(await first).toEqual({ done: false, value: batch(1) });
  expect((await items.next()).value).toMatchObject({ kind: 'status' });
  expect((await items.next()).value).toEqual(batch(2));
  expect((await items.next()).done).toBe(true);
});

test('refuses CPUs that the addon does not know of', () => {
  const sources = [{ kind: 'interface', name: 'lo' }] as const;
  expect(() => Probe.open({ sources, cpus: [0, 1] }, fakeModule)).not.toThrow();
  expect(() => Probe.open({ sources, cpus: [0, 2] }, fakeModule)).toThrow(
    expect.objectContaining({ code: 'bad-option', message: expect.stringContaining('cpus: 2 ') }),
  );
});

test('gives the addon complete options', async () => {
  const probe = Probe.open({ ...live, filter: 'tcp', snaplen: 96, idle: { udp: 7 } }, fakeModule);
  const { native } = await started(probe);
  expect(native.started).toBe(1);
  expect(native.options).toEqual({
    sources: [
      {
        kind: 'live',
        interface: 'lo',
        snaplen: 96,
        promiscuous: true,
        bufferBytes: 64 * 2 ** 20,
        captureMethod: 'auto',
      },
    ],
    filter: 'tcp',
    statusInterval: 5,
    maxFlows: 1_000_000,
    maxTunnels: 8,
    maxFragments: 4096,
    fragmentTimeout: 15,
    threads: 1,
    cpus: [],
    tcpHoles: 8,
    payloadBytes: 64,
    payloadRules: [{ ports: [53, 53], bytes: 4096 }],
    maskPayload: false,
    pace: 0,
    loop: false,
    queueBatches: 65_536,
    queueBytes: 32 << 20,
    idle: { tcp: 300, udp: 7, icmp: 10, other: 60 },
    closeLinger: 2,
  });
  probe.stop();
});

test('takes an item only when somebody asks for one', async () => {
  const { first, native } = await started(Probe.open(live, fakeModule));
  native.add(batch(1), batch(2), batch(3));
  await first;
  await nextTurn();
  expect(native.items).toEqual([batch(2), batch(3)]);
});

test('gives the event loop a turn while items never run out', async () => {
  const endless = vi.spyOn(FakeProbe.prototype, 'take').mockImplementation(() => batch(1));
  let hadATurn = false;
  setTimeout(() => {
    hadATurn = true;
  }, 1);
  const giveUpAt = performance.now() + 10_000;
  for await (const _ of Probe.open(live, fakeModule)) {
    if (hadATurn || performance.now() > giveUpAt) endless.mockImplementation(() => ({ kind: 'end' }));
  }
  endless.mockRestore();
  expect(hadATurn).toBe(true);
});

test('stop lets the remaining items come', async () => {
  const probe = Probe.open(live, fakeModule);
  const { items, first, native } = await started(probe);
  native.atStop = [batch(1), { kind: 'end' }];
  probe.stop();
  probe.stop();
  expect(native.stops).toBe(1);
  expect((await first).value).toEqual(batch(1));
  expect((await items.next()).done).toBe(true);
});

test('stop before the start still ends', async () => {
  const probe = Probe.open(live, fakeModule);
  probe.stop();
  const items: NativeItem[] = [];
  for await (const item of probe) items.push(item);
  expect(items).toEqual([]);
});

test('leaving the loop early stops the addon and takes what is left', async () => {
  const probe = Probe.open(live, fakeModule);
  const { items, first, native } = await started(probe);
  native.add(batch(1), batch(2), batch(3));
  await first;
  native.atStop = [batch(4), { kind: 'end' }];
  await items.return(undefined);
  expect(native.stops).toBe(1);
  expect(native.items).toEqual([]);
});

test('carries the bytes of a feed into the addon and waits while it is full', async () => {
  const chunks = [1, 2, 3].map((byte) => Uint8Array.of(byte));
  async function* bytes() {
    yield* chunks;
  }
  const probe = Probe.open({ sources: [{ kind: 'feed', name: 'sample', live: true, bytes }] }, fakeModule);
  const room = vi.spyOn(FakeProbe.prototype, 'feed').mockImplementation(function (
    this: FakeProbe,
    source,
    given,
  ) {
    this.fed.push({ source, bytes: given });
    return this.fed.length !== 2;
  });
  const { native } = await started(probe);
  await vi.waitFor(() => expect(native.fed).toHaveLength(2));
  await nextTurn();
  expect(native.fed).toHaveLength(2);
  native.signal('drained');
  await vi.waitFor(() => expect(native.ended).toEqual([0]));
  room.mockRestore();
  expect(native.fed.map((fed) => fed.bytes)).toEqual(chunks);
  expect(native.options.sources).toEqual([{ kind: 'feed', name: 'sample', live: true }]);
  probe.stop();
});

test('feeds that are not live follow one another', async () => {
  const order: string[] = [];
  const feed = (name: string) => ({
    kind: 'feed' as const,
    name,
    live: false,
    async *bytes() {
      order.push(`${name} begins`);
      await nextTurn();
      yield Uint8Array.of(1);
      order.push(`${name} ends`);
    },
  });
  const probe = Probe.open({ sources: [feed('a'), feed('b')] }, fakeModule);
  const { native } = await started(probe);
  await vi.waitFor(() => expect(native.ended).toEqual([0, 1]));
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  probe.stop();
});

test('a feed that fails is told and ended, and the probe goes on', async () => {
  async function* bytes() {
    yield Uint8Array.of(1);
    throw new Error('the disk is gone');
  }
  const probe = Probe.open({ sources: [{ kind: 'feed', name: 'sample', live: false, bytes }] }, fakeModule);
  const { items, first, native } = await started(probe);
  expect((await first).value).toMatchObject({
    kind: 'error',
    code: 'capture-failed',
    message: 'sample: the disk is gone',
    source: 'sample',
  });
  expect(native.ended).toEqual([0]);
  native.add({ kind: 'end' });
  expect((await items.next()).done).toBe(true);
});

test('the items can be read once', async () => {
  const probe = Probe.open(live, fakeModule);
  const { native } = await started(probe);
  await expect(probe[Symbol.asyncIterator]().next()).rejects.toThrow('once');
  native.add({ kind: 'end' });
});

test('standard input cannot be read in a loop', async () => {
  const probe = Probe.open({ sources: [{ kind: 'file', path: '-' }], loop: true }, fakeModule);
  await expect(probe[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'bad-option' });
});
