import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Hub } from '../../../src/fanout/hub.js';
import type { HubOptions } from '../../../src/fanout/hub-options.js';
import { FakeOutlet } from './fake-outlet.js';
import { batchFrame, gapFrame, largeFrame, statusFrame, subscribeTo, welcomeOf } from './synthetic.js';

const kibibyte = 1024;

function hubWith(options: Partial<HubOptions> = {}): Hub {
  return new Hub({ welcome: () => welcomeOf(), turnMs: Infinity, ...options });
}

function publish(hub: Hub, from: number, to: number, bytes = 100): void {
  for (let number = from; number <= to; number++) hub.publish(largeFrame(number, bytes));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('publishing', () => {
  it('gives every subscriber the very same bytes', () => {
    const hub = hubWith();
    const outlets = [FakeOutlet.attach(hub), FakeOutlet.attach(hub)];
    const frame = Buffer.from(batchFrame(1));
    hub.publish(frame);
    for (const outlet of outlets) expect(outlet.frames[0]).toBe(frame);
    expect(hub.counters.decodes).toBe(0);
  });

  it('sends only what comes after the subscription unless asked for more', () => {
    const hub = hubWith();
    publish(hub, 1, 3);
    const outlet = FakeOutlet.attach(hub);
    publish(hub, 4, 5);
    expect(outlet.numbers).toEqual([4, 5]);
  });

  it('gives the last status to those who come later, and each new one to everybody', () => {
    const hub = hubWith();
    hub.publish(statusFrame(7));
    const outlet = FakeOutlet.attach(hub);
    hub.publish(statusFrame(8));
    const packets = outlet.decoded.map((frame) =>
      frame.kind === 'status' ? frame.status.packets : undefined,
    );
    expect(packets).toEqual([7, 8]);
  });

  it('passes on the gaps of the probe, in their place', () => {
    const hub = hubWith();
    const outlet = FakeOutlet.attach(hub);
    publish(hub, 1, 1);
    hub.publish(gapFrame(2, 20));
    publish(hub, 4, 4);
    expect(outlet.story).toEqual(['batch 1', 'gap 2 queue-full', 'batch 4']);
  });

  it('gives the event loop its turns when there are many subscribers', async () => {
    const hub = hubWith({ turnMs: 0 });
    const outlets = range(1, 200).map(() => FakeOutlet.attach(hub));
    let turns = 0;
    const count = () => {
      turns++;
      if (outlets.at(-1)?.frames.length !== 3) setImmediate(count);
    };
    setImmediate(count);
    publish(hub, 1, 3);
    expect(outlets.at(-1)?.frames).toEqual([]);
    await vi.waitFor(() => expect(outlets.at(-1)?.numbers).toEqual([1, 2, 3]));
    for (const outlet of outlets) expect(outlet.numbers).toEqual([1, 2, 3]);
    expect(turns).toBeGreaterThan(5);
  });

  it('refuses numbers that do not rise, and frames that are not for clients', () => {
    const hub = hubWith();
    publish(hub, 1, 2);
    expect(() => hub.publish(batchFrame(2))).toThrow(/batch 2 was published after 2/);
  });

  it('says which batches it holds', () => {
    const hub = hubWith({ historyBytes: 0, limitBytes: 10 * kibibyte });
    expect(hub.welcome()).toMatchObject({ firstBatch: 0, lastBatch: 0 });
    publish(hub, 1, 20, kibibyte);
    expect(hub.welcome()).toMatchObject({ probeId: 'sensor', lastBatch: 20 });
    expect(hub.welcome().firstBatch).toBeGreaterThan(10);
  });

  it('sends nothing to a subscriber that has left', () => {
    const hub = hubWith();
    const outlet = FakeOutlet.attach(hub);
    hub.detach(outlet.subscriber);
    hub.detach(outlet.subscriber);
    publish(hub, 1, 1);
    expect(outlet.frames).toEqual([]);
    expect(hub.counters.subscribers).toBe(0);
  });
});

describe('resuming', () => {
  it('replays what came after a number and goes on live', () => {
    const hub = hubWith();
    publish(hub, 1, 10);
    const outlet = FakeOutlet.attach(hub, { after: 6, runId: 'run-1' });
    publish(hub, 11, 12);
    expect(outlet.numbers).toEqual(range(7, 12));
    expect(outlet.gaps).toEqual([]);
  });

  it('replays all that is held with want_all', async () => {
    const hub = hubWith();
    publish(hub, 1, 100);
    const outlet = FakeOutlet.attach(hub, { wantAll: true });
    publish(hub, 101, 102);
    await vi.waitFor(() => expect(outlet.numbers).toEqual(range(1, 102)));
  });

  it('ignores a number that is of another run', () => {
    const hub = hubWith();
    publish(hub, 1, 10);
    expect(FakeOutlet.attach(hub, { after: 6, runId: 'run-0' }).numbers).toEqual([]);
    expect(FakeOutlet.attach(hub, { after: 6, runId: 'run-0', wantAll: true }).numbers).toEqual(range(1, 10));
  });

  it('says how many batches the history no longer holds', () => {
    const hub = hubWith({ historyBytes: 0, limitBytes: 10 * kibibyte });
    publish(hub, 1, 20, kibibyte);
    const first = hub.welcome().firstBatch;
    const outlet = FakeOutlet.attach(hub, { after: 3, runId: 'run-1' });
    expect(outlet.gaps).toEqual([{ batches: first - 4, records: 0, packets: 0, reason: 'history' }]);
    expect(outlet.story[0]).toMatch(/^gap/);
    expect(outlet.numbers).toEqual(range(first, 20));
  });

  it('replays in steps as the socket drains, and joins live without loss or doubling', async () => {
    const hub = hubWith({ windowBytes: 128 * kibibyte });
    publish(hub, 1, 200, 20 * kibibyte);
    const outlet = FakeOutlet.attach(hub, { wantAll: true }, false);
    let published = 200;
    while (outlet.frames.length < 300 && published < 2000) {
      if (published < 300) publish(hub, ++published, published, 20 * kibibyte);
      outlet.drain(hub);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(outlet.numbers).toEqual(range(1, 300));
    expect(outlet.mostPendingBytes).toBeLessThan((128 + 21) * kibibyte);
  });

  it('tells a replay that the history has overtaken what it lost', () => {
    const hub = hubWith({
      historyBytes: 1000 * kibibyte,
      limitBytes: 1000 * kibibyte,
      windowBytes: 128 * kibibyte,
    });
    publish(hub, 1, 40, 20 * kibibyte);
    const outlet = FakeOutlet.attach(hub, { wantAll: true }, false);
    const sent = outlet.numbers.length;
    publish(hub, 41, 120, 20 * kibibyte);
    outlet.flowing = true;
    outlet.drain(hub);
    const [gap] = outlet.gaps;
    expect(outlet.gaps).toHaveLength(1);
    expect(gap?.reason).toBe('slow-client');
    expect(outlet.numbers[sent]).toBe(sent + 1 + (gap?.batches ?? 0));
    expect(gap?.records).toBe((gap?.batches ?? 0) * 8);
  });
});

describe('a slow subscriber', () => {
  const options = { limitBytes: 512 * kibibyte, windowBytes: 128 * kibibyte };

  it('loses batches beyond its limit and is told how many before the next frame', () => {
    const hub = hubWith(options);
    const slow = FakeOutlet.attach(hub, {}, false);
    const quick = FakeOutlet.attach(hub);
    publish(hub, 1, 200, 10 * kibibyte);
    expect(quick.numbers).toEqual(range(1, 200));
    expect(slow.mostPendingBytes).toBeLessThan(139 * kibibyte);
    const before = slow.numbers.length;

    slow.flowing = true;
    slow.drain(hub);
    publish(hub, 201, 201);
    const lost = slow.gaps.reduce((sum, gap) => sum + gap.batches, 0);
    expect(slow.story[before]).toBe(`gap ${lost} slow-client`);
    expect(slow.numbers.length + lost).toBe(201);
    expect(slow.numbers.at(-1)).toBe(201);
    expect(slow.gaps[0]?.records).toBe(lost * 8);
    expect(hub.counters).toMatchObject({ missedBatches: lost, missedRecords: lost * 8 });
  });

  it('loses nothing while it lags less than its limit', () => {
    const hub = hubWith(options);
    const slow = FakeOutlet.attach(hub, {}, false);
    publish(hub, 1, 40, 10 * kibibyte);
    for (let i = 0; i < 10; i++) slow.drain(hub);
    expect(slow.numbers).toEqual(range(1, 40));
    expect(slow.gaps).toEqual([]);
  });

  it('is sent a batch that is larger than its limit if it has room', () => {
    const hub = hubWith({ limitBytes: 10 * kibibyte });
    const outlet = FakeOutlet.attach(hub);
    publish(hub, 1, 2, 50 * kibibyte);
    expect(outlet.numbers).toEqual([1, 2]);
  });

  it('counts what gaps of the probe spoke of among what it lost', () => {
    const hub = hubWith(options);
    const slow = FakeOutlet.attach(hub, {}, false);
    publish(hub, 1, 40, 10 * kibibyte);
    hub.publish(gapFrame(5, 50));
    publish(hub, 46, 200, 10 * kibibyte);
    slow.flowing = true;
    slow.drain(hub);
    const lost = slow.gaps.reduce((sum, gap) => sum + gap.batches, 0);
    expect(slow.numbers.length + lost).toBe(200);
  });

  it('gets the newest status before the batches that wait for it', () => {
    const hub = hubWith(options);
    const slow = FakeOutlet.attach(hub, {}, false);
    publish(hub, 1, 30, 10 * kibibyte);
    const before = slow.frames.length;
    hub.publish(statusFrame(1));
    hub.publish(statusFrame(2));
    slow.drain(hub);
    expect(slow.story.filter((word) => word === 'status')).toHaveLength(1);
    expect(slow.story[before]).toBe('status');
  });

  it('gets the last status of the probe behind all batches', () => {
    const hub = hubWith(options);
    const slow = FakeOutlet.attach(hub, {}, false);
    publish(hub, 1, 30, 10 * kibibyte);
    hub.publish(statusFrame(1, true));
    slow.flowing = true;
    slow.drain(hub);
    expect(slow.numbers).toEqual(range(1, 30));
    expect(slow.story.at(-1)).toBe('status');
  });
});

describe('a stalled subscriber', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is closed with a reason when its socket takes nothing for too long', () => {
    const hub = hubWith({ windowBytes: 128 * kibibyte, stallMs: 60_000 });
    const stalled = FakeOutlet.attach(hub, {}, false);
    const quick = FakeOutlet.attach(hub);
    publish(hub, 1, 30, 10 * kibibyte);
    vi.advanceTimersByTime(59_000);
    expect(stalled.closed).toBeUndefined();
    vi.advanceTimersByTime(2000);
    expect(stalled.closed).toEqual({ code: 1008, reason: 'slow-client: took nothing for 60 s' });
    expect(quick.closed).toBeUndefined();
    expect(hub.counters).toMatchObject({ stalled: 1, subscribers: 1 });
  });

  it('is not closed while its socket takes something now and then', () => {
    const hub = hubWith({ windowBytes: 128 * kibibyte, stallMs: 60_000 });
    const slow = FakeOutlet.attach(hub, {}, false);
    for (let number = 1; number <= 200; number++) {
      publish(hub, number, number, 50 * kibibyte);
      vi.advanceTimersByTime(5000);
      if (number % 10 === 0) slow.drain(hub);
    }
    expect(slow.closed).toBeUndefined();
  });

  it('leaves no timer behind', () => {
    const hub = hubWith();
    const outlet = FakeOutlet.attach(hub);
    expect(vi.getTimerCount()).toBe(1);
    hub.detach(outlet.subscriber);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('filtering', () => {
  it('decodes a batch once and encodes it once for each filter, however many subscribe', () => {
    const hub = hubWith();
    const tcp = range(1, 10).map(() => FakeOutlet.attach(hub, { filter: 'tcp' }));
    const udp = range(1, 10).map(() => FakeOutlet.attach(hub, { filter: ' udp ' }));
    const all = FakeOutlet.attach(hub);
    publish(hub, 1, 5);
    expect(hub.counters).toMatchObject({ decodes: 5, encodes: 10 });
    for (const outlet of [...tcp, ...udp, all]) expect(outlet.numbers).toEqual(range(1, 5));
    expect(tcp[9]?.frames[0]).toBe(tcp[0]?.frames[0]);
    const [frame] = tcp[0]?.decoded ?? [];
    expect(frame?.kind === 'batch' && [frame.batch.rows, frame.batch.parts.filteredRows]).toEqual([4, 4]);
  });

  it('sends a batch without rows where none matches, so that numbers stay consecutive', () => {
    const hub = hubWith();
    const outlet = FakeOutlet.attach(hub, { filter: 'icmp' });
    const frame = batchFrame(1);
    hub.publish(frame);
    publish(hub, 2, 3);
    expect(outlet.numbers).toEqual([1, 2, 3]);
    expect(outlet.frames[0]?.byteLength).toBeLessThan(frame.byteLength / 5);
  });

  it('passes the bytes on untouched where every row matches', () => {
    const hub = hubWith();
    const outlet = FakeOutlet.attach(hub, { filter: 'src pkts gt 0' });
    const frame = Buffer.from(batchFrame(1));
    hub.publish(frame);
    expect(outlet.frames[0]).toBe(frame);
    expect(hub.counters.encodes).toBe(0);
  });

  it('cuts payload for those who do not want it', () => {
    const hub = hubWith();
    const outlet = FakeOutlet.attach(hub, { wantPayload: false });
    hub.publish(largeFrame(1, 5000));
    const [frame] = outlet.decoded;
    expect(frame?.kind === 'batch' && [frame.batch.rows, frame.batch.parts.payload.length]).toEqual([8, 0]);
  });

  it('encodes a replay once for a crowd that comes back at once', async () => {
    const hub = hubWith();
    publish(hub, 1, 100);
    const crowd = range(1, 20).map(() =>
      FakeOutlet.attach(hub, { filter: 'tcp', after: 10, runId: 'run-1' }),
    );
    await vi.waitFor(() => {
      for (const outlet of crowd) expect(outlet.frames).toHaveLength(90);
    });
    for (const outlet of crowd) expect(outlet.numbers).toEqual(range(11, 100));
    expect(hub.counters.encodes).toBe(90);
  });

  it('decodes a batch once even if subscribers with other filters are some batches behind', () => {
    const hub = hubWith({ windowBytes: 128 * kibibyte });
    const ahead = FakeOutlet.attach(hub, { filter: 'tcp' });
    const behind = FakeOutlet.attach(hub, { filter: 'udp' }, false);
    behind.pendingBytes = 200 * kibibyte;
    publish(hub, 1, 10, 10 * kibibyte);
    expect([ahead.numbers.length, behind.numbers.length]).toEqual([10, 0]);
    behind.drain(hub);
    expect(behind.numbers).toEqual(range(1, 10));
    expect(hub.counters.decodes).toBe(10);
  });

  it('refuses a filter that cannot be parsed, and forgets the subscriber', () => {
    const hub = hubWith();
    const outlet = new FakeOutlet();
    expect(() => hub.attach(outlet.subscriber, subscribeTo({ filter: 'prt 80' }))).toThrow(/prt/);
    publish(hub, 1, 1);
    expect(outlet.frames).toEqual([]);
  });

  it('costs those who filter a batch that cannot be decoded, and nobody else', () => {
    const hub = hubWith();
    const filtering = FakeOutlet.attach(hub, { filter: 'tcp' });
    const plain = FakeOutlet.attach(hub);
    // A column of four bytes a row with no bytes.
    const broken = Uint8Array.from([0x12, 17, 9, 1, 0, 0, 0, 0, 0, 0, 0, 16, 8, 42, 4, 8, 24, 24, 4]);
    hub.publish(broken);
    expect(plain.frames).toHaveLength(1);
    expect(filtering.closed?.code).toBe(1011);
    expect(filtering.story).toEqual(['error']);
  });
});
