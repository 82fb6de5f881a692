import { describe, expect, it } from 'vitest';
import { Hub } from '../../../src/fanout/hub.js';
import { Metrics } from '../../../src/server/metrics.js';
import { emptyStatus } from '../../../src/wire/frames.js';
import { batchFrame, welcomeOf } from '../fanout/synthetic.js';

function metricsOf(changes: object = {}) {
  const hub = new Hub({ welcome: () => welcomeOf() });
  const metrics = new Metrics({
    status: () => ({ ...emptyStatus, ...changes }),
    hub: () => hub.counters,
    server: () => ({ clients: 3, connections: 5, refused: { origin: 2 }, badFrames: 1 }),
  });
  return { hub, metrics };
}

describe('Metrics', () => {
  it('tells the counters of probe, hub and server', async () => {
    const { hub, metrics } = metricsOf({
      packets: 1234,
      undecoded: { truncated: 5, 'bad-length': 6 },
      fragmentsHeld: 11,
      fragmentsJoined: 12,
      fragmentsOrphaned: 13,
      fragmentsOverflow: 14,
      extraSkipped: 15,
      tcpSkipped: 16,
      tcpHolesOverflow: 17,
      gapClassesSkipped: 23,
      rtpSkipped: 19,
      responseSkipped: 20,
      intervalDropped: 21,
      notesDropped: 24,
      queuedBatches: 25,
      queuedBytes: 26,
      evicted: 27,
      batchesDropped: 28,
      recordsDropped: 29,
      packetsDroppedInRecords: 30,
      sources: [{ name: 'eth0', received: 10, dropped: 2, ifDropped: 1 }],
    });
    hub.publish(batchFrame(1));
    const lines = (await metrics.text()).split('\n');
    expect(lines).toContain('panoptes_capture_packets_total 1234');
    expect(lines).toContain('panoptes_decode_undecoded_total{reason="bad-length"} 6');
    expect(lines).toContain('panoptes_capture_source_dropped_total{source="eth0"} 2');
    expect(lines).toContain('panoptes_decode_fragments_held 11');
    expect(lines).toContain('panoptes_decode_fragments_joined_total 12');
    expect(lines).toContain('panoptes_decode_fragments_orphaned_total 13');
    expect(lines).toContain('panoptes_decode_fragments_overflow_total 14');
    expect(lines).toContain('panoptes_flow_extra_skipped_total 15');
    expect(lines).toContain('panoptes_flow_tcp_skipped_total 16');
    expect(lines).toContain('panoptes_flow_tcp_holes_overflow_total 17');
    expect(lines).toContain('panoptes_flow_gap_classes_skipped_total 23');
    expect(lines).toContain('panoptes_flow_rtp_skipped_total 19');
    expect(lines).toContain('panoptes_flow_response_skipped_total 20');
    expect(lines).toContain('panoptes_capture_interval_dropped 21');
    expect(lines).toContain('panoptes_flow_notes_dropped_total 24');
    expect(lines).toContain('panoptes_batch_queued 25');
    expect(lines).toContain('panoptes_batch_queued_bytes 26');
    expect(lines).toContain('panoptes_flow_evicted_total 27');
    expect(lines).toContain('panoptes_batch_dropped_total 28');
    expect(lines).toContain('panoptes_batch_dropped_records_total 29');
    expect(lines).toContain('panoptes_batch_dropped_packets_total 30');
    expect(lines).toContain('panoptes_fanout_batches_total 1');
    expect(lines).toContain('panoptes_server_clients 3');
    expect(lines).toContain('panoptes_server_refused_total{reason="origin"} 2');
  });

  it('tells the same again when nothing has changed', async () => {
    const { metrics } = metricsOf({ packets: 7 });
    const counters = async () =>
      (await metrics.text()).split('\n').filter((line) => line.startsWith('panoptes_'));
    expect(await counters()).toEqual(await counters());
  });

  it('names every counter as one, and no gauge', async () => {
    const { metrics } = metricsOf();
    for (const [, name, type] of (await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      expect([name, name?.endsWith('_total')]).toEqual([name, type === 'counter']);
    }
  });
});
