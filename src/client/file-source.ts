// A file or pipe as a stream of items: record files are read here, captures are measured by a probe in this
// process. Which of them it is, is told by content.

import { PanoptesError } from '../errors.js';
import type { ProbeItem, SourceNotice } from '../probe/native-module.js';
import type { ProbeSource } from '../probe/options.js';
import { decodeFrame } from '../wire/codec.js';
import { FrameSplitter, fileMagic } from '../wire/file-format.js';
import { schemaVersion } from '../wire/frames.js';
import { type ByteInput, openInput, printPath } from './byte-input.js';
import { peerError } from './peer-error.js';
import type { OpenOptions, StreamItem } from './stream-types.js';

export async function* fileItems(
  path: string,
  options: OpenOptions,
): AsyncGenerator<StreamItem, void, undefined> {
  if (options.signal.aborted) return;
  const input = await openInput(path, options.signal);
  if (options.signal.aborted) return;
  if (beginsLikeRecords(input.head)) yield* recordItems(input, printPath(path), options.signal);
  else yield* captureItems(input, path, options);
}

function beginsLikeRecords(head: Uint8Array): boolean {
  return head.byteLength > 0 && head.every((byte, index) => byte === fileMagic[index]);
}

async function* recordItems(
  input: ByteInput,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem, void, undefined> {
  const splitter = new FrameSplitter();
  let frames = 0;
  for await (const chunk of input.chunks) {
    for (const bytes of named(name, () => splitter.push(chunk))) {
      if (signal.aborted) return;
      frames++;
      const item = recordItem(bytes, name, frames);
      if (item !== undefined) yield item;
    }
  }
  if (signal.aborted) return;
  const { cutBytes } = named(name, () => splitter.end());
  if (cutBytes === 0 && !input.isCut()) return;
  const rest =
    cutBytes === 0 ? 'its gzip data are not whole' : `its last ${cutBytes} bytes are no whole record`;
  const message = `${name} ends in the middle: ${rest}; all before was used`;
  yield { kind: 'warning', code: 'cut-file', message };
}

/** Puts the name of the file before what goes wrong in it. */
function named<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof PanoptesError
      ? new PanoptesError(error.code, `${name}: ${error.message}`, error.hint, error)
      : error;
  }
}

function recordItem(bytes: Uint8Array, name: string, count: number): StreamItem | undefined {
  const frame = decodeOrSay(bytes, () => `${name}: frame ${count}`);
  switch (frame.kind) {
    case 'batch':
      return { kind: 'batch', batch: frame.batch, bytes };
    case 'status':
      return { kind: 'status', status: frame.status, bytes };
    case 'gap':
      return frame;
    case 'welcome': {
      const { schema, version } = frame.welcome;
      if (schema === schemaVersion) return frame;
      const message = `${name} has schema ${schema}, this version reads ${schemaVersion}`;
      throw new PanoptesError('wrong-schema', message, `it was written by version ${version}`);
    }
    default:
      return undefined; // what a server and its client say to each other has no meaning in a file
  }
}

function decodeOrSay(bytes: Uint8Array, where: () => string) {
  try {
    return decodeFrame(bytes);
  } catch (error) {
    if (!(error instanceof PanoptesError)) throw error;
    throw new PanoptesError('bad-file', `${where()}: ${error.message}`, 'what came before was used', error);
  }
}

async function* captureItems(
  input: ByteInput,
  path: string,
  options: OpenOptions,
): AsyncGenerator<StreamItem, void, undefined> {
  const { Probe } = await import('../probe/probe.js');
  const source: ProbeSource = input.isPlainFile
    ? { kind: 'file', path }
    : { kind: 'feed', name: printPath(path), live: false, bytes: () => feedBytes(input, path) };
  const probe = Probe.open({ ...options.probe, sources: [source] });
  const stop = () => probe.stop();
  options.signal.addEventListener('abort', stop, { once: true });
  let failure: SourceNotice | undefined;
  let saidCut = false;
  try {
    for await (const item of probe) {
      if (options.signal.aborted) return;
      // Records of what was before the failure still follow.
      if (item.kind === 'error') failure ??= item;
      // Gzip data that are cut, and the capture in them: once is enough.
      else if (!(item.kind === 'warning' && item.code === 'cut-file' && saidCut)) yield captureItem(item);
      saidCut ||= item.kind === 'warning' && item.code === 'cut-file';
    }
    if (failure !== undefined) throw peerError(failure.code, failure.message, failure.hint);
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

async function* feedBytes(input: ByteInput, path: string): AsyncGenerator<Uint8Array> {
  yield* input.chunks;
  if (!input.isCut()) return;
  const message = `${printPath(path)} ends in the middle: its gzip data are not whole; all before was used`;
  throw new PanoptesError('cut-file', message);
}

function captureItem(item: ProbeItem): StreamItem {
  switch (item.kind) {
    case 'error':
      throw peerError(item.code, item.message, item.hint);
    case 'warning': {
      const { kind, code, message, hint } = item;
      return { kind, code, message, ...(hint === '' ? {} : { hint }) };
    }
    default: {
      const frame = decodeFrame(item.bytes);
      if (frame.kind === 'batch') return { kind: 'batch', batch: frame.batch, bytes: item.bytes };
      if (frame.kind === 'status') return { kind: 'status', status: frame.status, bytes: item.bytes };
      if (frame.kind === 'gap') return frame;
      throw new PanoptesError('internal', `the probe made a ${frame.kind} frame`);
    }
  }
}
