// The numbers of /metrics in Prometheus' text format: the probe's last status, the hub, the server. Every
// counter has its name here once; the values are read when somebody asks.

import { Counter, Gauge, Registry } from 'prom-client';
import type { HubCounters } from '../fanout/hub-options.js';
import type { ProbeStatus } from '../wire/frames.js';

export interface ServerCounters {
  readonly clients: number;
  readonly connections: number;
  /** Reason -> connections. */
  readonly refused: Readonly<Record<string, number>>;
  readonly badFrames: number;
}

export interface MetricSources {
  readonly status: () => ProbeStatus;
  readonly hub: () => HubCounters;
  readonly server: () => ServerCounters;
}

interface Reading {
  readonly status: ProbeStatus;
  readonly hub: HubCounters;
  readonly server: ServerCounters;
}

type Labelled = readonly (readonly [label: string, value: number])[];

interface Metric {
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly label?: string;
  readonly value: (from: Reading) => number | Labelled;
}

const counter = (help: string, value: (from: Reading) => number): Metric => ({
  help,
  kind: 'counter',
  value,
});
const gauge = (help: string, value: (from: Reading) => number): Metric => ({ help, kind: 'gauge', value });
const counters = (help: string, label: string, value: (from: Reading) => Labelled): Metric => ({
  help,
  kind: 'counter',
  label,
  value,
});

const metrics: Readonly<Record<string, Metric>> = {
  panoptes_capture_packets_total: counter('packets that the sources delivered', (r) => r.status.packets),
  panoptes_capture_bytes_total: counter('their bytes on the wire', (r) => r.status.bytes),
  panoptes_capture_dropped_total: counter('packets lost before the probe saw them', (r) => r.status.dropped),
  panoptes_capture_interval_dropped: gauge(
    'of these: in the latest status interval',
    (r) => r.status.intervalDropped,
  ),
  panoptes_capture_source_received_total: counters('packets by source', 'source', (r) =>
    r.status.sources.map((s) => [s.name, s.received]),
  ),
  panoptes_capture_source_dropped_total: counters('packets that the kernel had no room for', 'source', (r) =>
    r.status.sources.map((s) => [s.name, s.dropped]),
  ),
  panoptes_capture_source_interface_dropped_total: counters(
    'packets that the interface lost',
    'source',
    (r) => r.status.sources.map((s) => [s.name, s.ifDropped]),
  ),
  panoptes_decode_undecoded_total: counters('packets in no record, by reason', 'reason', (r) =>
    Object.entries(r.status.undecoded),
  ),
  panoptes_decode_fragments_held: gauge(
    'later IP fragments that wait for their first one',
    (r) => r.status.fragmentsHeld,
  ),
  panoptes_decode_fragments_joined_total: counter(
    'later fragments counted in the flow of their first one',
    (r) => r.status.fragmentsJoined,
  ),
  panoptes_decode_fragments_orphaned_total: counter(
    'later fragments whose first one never came',
    (r) => r.status.fragmentsOrphaned,
  ),
  panoptes_decode_fragments_overflow_total: counter(
    'of these: for lack of room',
    (r) => r.status.fragmentsOverflow,
  ),
  panoptes_flow_extra_skipped_total: counter(
    'times that a tunnel, ICMP error, label, QUIC version, fragment or copy found no room to be noted',
    (r) => r.status.extraSkipped,
  ),
  panoptes_flow_active: gauge('flows in memory', (r) => r.status.flows),
  panoptes_flow_limit: gauge('most flows that memory has room for', (r) => r.status.maxFlows),
  panoptes_flow_opened_total: counter('flows begun', (r) => r.status.flowsOpened),
  panoptes_flow_evicted_total: counter('flows ended early for lack of room', (r) => r.status.evicted),
  panoptes_flow_payload_skipped_total: counter(
    'directions whose payload found no buffer, or none of the size that they may keep',
    (r) => r.status.payloadSkipped,
  ),
  panoptes_flow_tcp_skipped_total: counter(
    'anomalies of TCP that found no room to be counted',
    (r) => r.status.tcpSkipped,
  ),
  panoptes_flow_tcp_holes_overflow_total: counter(
    'holes in TCP streams given up for lack of room',
    (r) => r.status.tcpHolesOverflow,
  ),
  panoptes_flow_gap_classes_skipped_total: counter(
    'records that do not tell active gaps from idle ones, for lack of room',
    (r) => r.status.gapClassesSkipped,
  ),
  panoptes_flow_rtp_skipped_total: counter(
    'packets of RTP whose flow or stream found no room',
    (r) => r.status.rtpSkipped,
  ),
  panoptes_flow_response_skipped_total: counter(
    'ICMP queries and round trips of ICMP and QUIC that found no room',
    (r) => r.status.responseSkipped,
  ),
  panoptes_flow_notes_dropped_total: counter(
    'learned servers and ICMP errors that one thread of a link could not tell another of',
    (r) => r.status.notesDropped,
  ),
  panoptes_batch_records_total: counter('records written into batches', (r) => r.status.records),
  panoptes_batch_batches_total: counter('batches made', (r) => r.status.batches),
  panoptes_batch_queued: gauge('batches between capture and event loop', (r) => r.status.queuedBatches),
  panoptes_batch_queued_bytes: gauge('bytes of these', (r) => r.status.queuedBytes),
  panoptes_batch_dropped_total: counter('batches lost to a full queue', (r) => r.status.batchesDropped),
  panoptes_batch_dropped_records_total: counter('records in them', (r) => r.status.recordsDropped),
  panoptes_batch_dropped_packets_total: counter(
    'packets that those records counted',
    (r) => r.status.packetsDroppedInRecords,
  ),
  panoptes_fanout_batches_total: counter('batches published', (r) => r.hub.batches),
  panoptes_fanout_bytes_total: counter('bytes of these', (r) => r.hub.bytes),
  panoptes_fanout_subscribers: gauge('clients that have subscribed', (r) => r.hub.subscribers),
  panoptes_fanout_history_bytes: gauge('bytes held for clients that come back', (r) => r.hub.historyBytes),
  panoptes_fanout_history_batches: gauge('batches held', (r) =>
    r.hub.firstBatch === 0 ? 0 : r.hub.lastBatch - r.hub.firstBatch + 1,
  ),
  panoptes_fanout_decoded_total: counter('batches decoded for clients that filter', (r) => r.hub.decodes),
  panoptes_fanout_encoded_total: counter('filtered batches encoded', (r) => r.hub.encodes),
  panoptes_fanout_sent_frames_total: counter('frames sent to clients', (r) => r.hub.sentFrames),
  panoptes_fanout_sent_bytes_total: counter('bytes of these', (r) => r.hub.sentBytes),
  panoptes_fanout_missed_batches_total: counter('batches that slow clients lost', (r) => r.hub.missedBatches),
  panoptes_fanout_missed_records_total: counter('records in them', (r) => r.hub.missedRecords),
  panoptes_fanout_stalled_total: counter('clients closed because they took nothing', (r) => r.hub.stalled),
  panoptes_server_clients: gauge('WebSocket clients connected', (r) => r.server.clients),
  panoptes_server_connections_total: counter('WebSocket connections accepted', (r) => r.server.connections),
  panoptes_server_refused_total: counters('connections refused', 'reason', (r) =>
    Object.entries(r.server.refused),
  ),
  panoptes_server_bad_frames_total: counter(
    'messages that cost their sender the connection',
    (r) => r.server.badFrames,
  ),
  process_resident_memory_bytes: gauge('resident memory of the process', () => process.memoryUsage.rss()),
  process_cpu_seconds_total: counter('user and system time of the process', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }),
};

/** A registry of its own, so that several servers can live in one process. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #sources: MetricSources;
  #reading: Reading | undefined;

  constructor(sources: MetricSources) {
    this.#sources = sources;
    for (const [name, metric] of Object.entries(metrics)) this.#register(name, metric);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    const { status, hub, server } = this.#sources;
    this.#reading = { status: status(), hub: hub(), server: server() };
    return this.#registry.metrics();
  }

  #register(name: string, metric: Metric): void {
    const { help, kind, label } = metric;
    const read = () => (this.#reading === undefined ? [] : metric.value(this.#reading));
    const options = {
      name,
      help,
      registers: [this.#registry],
      labelNames: label === undefined ? [] : [label],
    };
    const withLabel = (value: string) => (label === undefined ? {} : { [label]: value });
    const valuesOf = (value: number | Labelled): Labelled =>
      typeof value === 'number' ? [['', value]] : value;
    if (kind === 'counter') {
      new Counter({
        ...options,
        collect() {
          this.reset();
          for (const [text, value] of valuesOf(read())) this.inc(withLabel(text), value);
        },
      });
    } else {
      new Gauge({
        ...options,
        collect() {
          this.reset();
          for (const [text, value] of valuesOf(read())) this.set(withLabel(text), value);
        },
      });
    }
  }
}
