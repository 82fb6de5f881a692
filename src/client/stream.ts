// Opens anything that holds records as one stream of items: a server, a record file, a capture, stdin. What
// every ra client reads from.

import { fileItems } from './file-source.js';
import { mergeStreams } from './merge.js';
import type { OpenOptions, SourceSpec, StreamItem } from './stream-types.js';

export { parseServer } from './server-address.js';

export type { OpenOptions, SourceSpec, StreamItem } from './stream-types.js';

/**
 * Reads one source. Throws when it cannot be opened ('no-server', 'no-such-file', 'not-a-capture'), when a server
 * refuses ('bad-filter', 'server-full', 'wrong-schema'), or when it breaks for good.
 */
export function openSource(spec: SourceSpec, options: OpenOptions): AsyncIterable<StreamItem> {
  return spec.kind === 'file' ? fileItems(spec.path, options) : lazyServerItems(spec.url, options);
}

// Who reads files only starts without the WebSocket code.
async function* lazyServerItems(url: URL, options: OpenOptions): AsyncGenerator<StreamItem, void, undefined> {
  const { serverItems } = await import('./server-source.js');
  yield* serverItems(url, options);
}

/**
 * Reads several sources as one: files one after the other, servers at once. With several, one that fails is a
 * warning while others go on; when all have ended, the first failure is thrown.
 */
export function mergeSources(specs: readonly SourceSpec[], options: OpenOptions): AsyncIterable<StreamItem> {
  const opener = (spec: SourceSpec) => (signal: AbortSignal) => openSource(spec, { ...options, signal });
  const files = specs.filter((spec) => spec.kind === 'file').map(opener);
  const servers = specs.filter((spec) => spec.kind === 'server').map((spec) => [opener(spec)]);
  return mergeStreams(files.length > 0 ? [files, ...servers] : servers, options.signal);
}
