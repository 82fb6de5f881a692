// The composition of a probe: Probe -> Hub -> server, and Probe -> file writer. Both `panoptes probe` and the
// main job run this; what differs comes as a plan.
import { type ErrorCode, PanoptesError } from '../errors.js';
import type { NativeModule, SourceNotice } from '../probe/native-module.js';
import type { ProbeOptions } from '../probe/options.js';
import { Probe } from '../probe/probe.js';
import type { Server } from '../server/server.js';
import { schemaVersion, type Welcome } from '../wire/frames.js';
import { peekReport } from '../wire/peek.js';
import { encodeWelcome } from '../wire/small-frames.js';
import type { LosslessHub } from './lossless-hub.js';
import { exitCodeOf, exitUsage } from './shared/report.js';
import { packageVersion } from './version.js';

export interface ProbePlan {
  readonly probe: ProbeOptions;
  readonly probeId: string;
  /** What is measured, in words. */
  readonly source: string;
  /** 'file': read as fast as clients take it; 'paced' and 'live' wait for nobody. */
  readonly pace: 'file' | 'paced' | 'live';
  readonly serve?: ServePlan;
  /** Takes the Welcome and then every frame. */
  readonly writer?: FrameWriter;
}

export interface ServerLimits {
  readonly maxClients?: number;
  /** Bytes of batches held for clients that come back. */
  readonly historyBytes?: number;
  /** Bytes that a client may be behind before it loses batches. */
  readonly lagBytes?: number;
}

export interface ServePlan extends ServerLimits {
  readonly port: number;
  readonly host: string;
  /** Taken where the right to open `port` is missing. */
  readonly otherPort?: number;
}

export interface FrameWriter {
  write(frameBytes: Uint8Array): Promise<void> | void;
  close(): Promise<void>;
  /** Nobody reads any more what is written (a pipe that was closed). */
  readonly closed?: boolean;
}

export interface ProbeIo {
  /** Words for a person, on stderr. */
  say(message: string, hint?: string): void;
  /** Asks for the end: remaining records go out. */
  readonly signal: AbortSignal;
  /** The port is open, and no link has failed at once. */
  onServing?(server: Server): void;
  /** In place of the addon, for tests. */
  readonly native?: NativeModule;
}

const announceMs = 200;

/** 64 bits that tell runs apart and keep nothing secret; loading node:crypto for them would cost more than their use. */
function newRunId(): string {
  const half = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return half() + half();
}

/**
 * Runs until the sources end or the signal aborts. Resolves to the exit code: 0, 1 when a source failed (a link:
 * when the last one is gone), 2 when a source or filter cannot be. Throws what Probe.open and serve throw.
 */
export async function runProbe(plan: ProbePlan, io: ProbeIo): Promise<0 | 1 | 2> {
  const run = new ProbeRun(plan, io);
  return run.run();
}

class ProbeRun {
  readonly #plan: ProbePlan;
  readonly #io: ProbeIo;
  readonly #probe: Probe;
  #hub: LosslessHub | undefined;
  readonly #welcome: Welcome;
  readonly #startedSeconds = process.uptime();
  /** The latest, as it came. */
  #status: Uint8Array | undefined;
  #failed = 0;
  #wrong = false;
  #saidDrops = false;
  #saidGap = false;

  constructor(plan: ProbePlan, io: ProbeIo) {
    this.#plan = plan;
    this.#io = io;
    this.#probe = Probe.open(plan.probe, io.native);
    this.#welcome = {
      probeId: plan.probeId,
      version: packageVersion,
      schema: schemaVersion,
      startSeconds: Math.floor(Date.now() / 1000),
      runId: newRunId(),
      firstBatch: 0,
      lastBatch: 0,
      source: plan.source,
    };
  }

  async run(): Promise<0 | 1 | 2> {
    const { signal } = this.#io;
    const server = await this.#serve();
    const announcing = this.#announce(server);
    const stop = () => this.#probe.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#plan.writer?.write(encodeWelcome(this.#welcome));
      if (await this.#mayBegin(server)) await this.#measure();
      if (this.#plan.pace !== 'live') await this.#hub?.caughtUp(signal);
    } finally {
      clearTimeout(announcing);
      signal.removeEventListener('abort', stop);
      await this.#plan.writer?.close();
      await server?.close(signal.aborted ? 'shutdown' : 'end');
    }
    this.#summarize();
    return this.#exitCode();
  }

  async #serve(): Promise<Server | undefined> {
    if (!this.#plan.serve) return undefined;
    const { port, host, otherPort, maxClients, historyBytes, lagBytes } = this.#plan.serve;
    // Who only writes a file starts without the server's code, and keeps no history.
    const [{ serve }, { LosslessHub }, { statusOf }] = await Promise.all([
      import('../server/server.js'),
      import('./lossless-hub.js'),
      import('../probe/status.js'),
    ]);
    const hub = new LosslessHub({
      welcome: () => this.#welcome,
      ...(historyBytes !== undefined && { historyBytes }),
      ...(lagBytes !== undefined && { limitBytes: lagBytes }),
    });
    this.#hub = hub;
    const limits = maxClients === undefined ? {} : { maxClients };
    const open = (at: number) =>
      serve({ port: at, host, hub, status: () => statusOf(this.#probe), ...limits });
    const server = await open(port).catch((error: unknown) => {
      const mayNot = error instanceof PanoptesError && error.code === 'no-permission';
      if (mayNot && otherPort !== undefined) return open(otherPort);
      throw error;
    });
    return server;
  }

  /** Links that cannot be opened say so at once: who is told of a port shall not read next that all is over. */
  #announce(server: Server | undefined): NodeJS.Timeout | undefined {
    if (!server) return undefined;
    const announce = () => this.#io.onServing?.(server);
    if (this.#plan.pace === 'live') return setTimeout(announce, announceMs);
    announce();
    return undefined;
  }

  /** A file that is only served waits for somebody to serve it to. */
  async #mayBegin(server: Server | undefined): Promise<boolean> {
    const { signal, say } = this.#io;
    if (signal.aborted) return false;
    if (!server || !this.#hub || this.#plan.pace !== 'file') return true;
    say(`waiting for the first client on port ${server.port} (--pace 1 begins at once, in real time)`);
    return this.#hub.firstClient(signal);
  }

  async #measure(): Promise<void> {
    const { writer, pace } = this.#plan;
    for await (const item of this.#probe) {
      if (!('bytes' in item)) {
        this.#note(item);
        continue;
      }
      this.#hub?.publish(item.bytes);
      const written = writer?.write(item.bytes);
      if (written) await written;
      if (writer?.closed && !this.#plan.serve) this.#probe.stop();
      if (item.kind === 'gap') this.#warnGap(item.bytes);
      else if (item.kind === 'status') this.#watch(item.bytes);
      if (pace === 'file') await this.#hub?.room(this.#io.signal);
    }
  }

  /** Says what happened to a source. One that cannot be as it was asked for ends the probe. */
  #note(notice: SourceNotice): void {
    this.#io.say(notice.message, notice.hint);
    if (notice.kind === 'warning') return;
    this.#failed++;
    if (exitCodeOf(new PanoptesError(notice.code as ErrorCode, notice.message)) !== exitUsage) return;
    this.#wrong = true;
    this.#probe.stop();
  }

  #watch(bytes: Uint8Array): void {
    this.#status = bytes;
    // Nothing is dropped before a file's packets are measured, and days of them have thousands of statuses.
    if (this.#plan.pace !== 'live' || this.#saidDrops) return;
    const report = peekReport(bytes);
    if (report?.kind !== 'status' || report.status.dropped === 0) return;
    this.#saidDrops = true;
    this.#io.say(
      'the kernel drops packets before they are measured; status messages count them',
      'try a larger --buffer',
    );
  }

  #warnGap(bytes: Uint8Array): void {
    if (this.#saidGap) return;
    const report = peekReport(bytes);
    if (report?.kind !== 'gap') return;
    this.#saidGap = true;
    this.#io.say(
      `records are lost between capture and output (${report.reason}, counted in the status messages)`,
    );
  }

  #summarize(): void {
    const report = this.#status && peekReport(this.#status);
    const status = report?.kind === 'status' ? report.status : undefined;
    const nothing = this.#failed > 0 && status?.packets === 0;
    if (!status || nothing || this.#wrong) return;
    const seconds = (process.uptime() - this.#startedSeconds).toFixed(2);
    const dropped = status.dropped > 0 ? ` (${status.dropped} more dropped)` : '';
    this.#io.say(
      `${this.#plan.source}: ${status.packets} packets${dropped}, ${status.flowsOpened} flows, ` +
        `${status.records} records in ${seconds} s`,
    );
  }

  #exitCode(): 0 | 1 | 2 {
    if (this.#wrong) return 2;
    if (this.#io.signal.aborted) return 0;
    const linkGone = this.#plan.pace === 'live' && !this.#plan.writer?.closed;
    return this.#failed > 0 || linkGone ? 1 : 0;
  }
}
