// A native module without C++: tests put items in and see what was asked of it.
import type {
  CaptureFacts,
  NativeInspection,
  NativeItem,
  NativeModule,
  NativeOptions,
  NativeProbe,
} from '../../../src/probe/native-module.js';

export class FakeProbe implements NativeProbe {
  static last: FakeProbe | undefined;
  readonly items: NativeItem[] = [];
  readonly fed: { source: number; bytes: Uint8Array }[] = [];
  readonly ended: number[] = [];
  readonly options: NativeOptions;
  readonly signal: (signal: 'readable' | 'drained') => void;
  started = 0;
  stops = 0;
  takes = 0;
  /** What feed() answers. */
  room = true;
  /** Items that stop() appends. */
  atStop: NativeItem[] = [{ kind: 'end' }];

  constructor(options: NativeOptions, onSignal: (signal: 'readable' | 'drained') => void) {
    this.options = options;
    this.signal = onSignal;
    FakeProbe.last = this;
  }

  /** Puts items in the queue, as threads of the addon would. */
  add(...items: NativeItem[]): void {
    this.items.push(...items);
    this.signal('readable');
  }

  start(): void {
    this.started++;
  }

  take(): NativeItem | undefined {
    this.takes++;
    return this.items.shift();
  }

  stop(): void {
    this.stops++;
    this.add(...this.atStop);
  }

  feed(source: number, bytes: Uint8Array): boolean {
    this.fed.push({ source, bytes });
    return this.room;
  }

  feedEnd(source: number): void {
    this.ended.push(source);
  }

  status(): Uint8Array {
    return new Uint8Array(0);
  }
}

class FakeInspection implements NativeInspection {
  push(): void {}

  end(): CaptureFacts {
    throw new Error('a fake looks at nothing');
  }
}

export const fakeModule: NativeModule = {
  NativeProbe: FakeProbe,
  NativeInspection: FakeInspection,
  interfaceNames: () => ['lo'],
  allowedCpus: () => [0, 1],
  pcapVersion: () => 'none',
  mayCapture: () => ({ ok: false, why: 'a fake captures nothing' }),
  memory: () => ({
    baseBytes: 0,
    bytesPerFlow: 0,
    payloadBytes: 0,
    bytesPerExtra: 0,
    bytesPerTcpTrouble: 0,
    mostTcpTroubles: 0,
  }),
  undecodedReasons: [],
};

export function batch(number: number): NativeItem {
  return { kind: 'batch', number, records: 1, bytes: Uint8Array.of(number) };
}
