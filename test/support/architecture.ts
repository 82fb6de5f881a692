// The dependency rules of docs/design.md as tables, and what breaks them in a set of files. Pure: it takes
// texts, so that the rules can be tried on files that do not exist.

/** Path from the project's top -> text. */
export type Sources = ReadonlyMap<string, string>;

/** Room of src -> the rooms that it may import from besides itself; errors.ts is open to all. */
export const roomsOfSrc: Readonly<Record<string, readonly string[]>> = {
  record: [],
  wire: ['record'],
  filter: ['record'],
  aggregate: ['record'],
  sample: ['record'],
  probe: ['record', 'wire'],
  fanout: ['record', 'wire', 'filter', 'aggregate'],
  client: ['record', 'wire', 'filter', 'aggregate', 'probe'],
  output: ['record', 'wire', 'filter', 'aggregate'],
  server: ['record', 'wire', 'filter', 'aggregate', 'fanout', 'client', 'output'],
  cli: ['record', 'wire', 'filter', 'aggregate', 'sample', 'probe', 'fanout', 'client', 'output', 'server'],
};

/** Rooms that run in a browser too. */
export const pureRooms: readonly string[] = ['record', 'wire', 'filter', 'aggregate'];

/** Edges that are allowed by a dynamic import only: who takes them late does not need them at all otherwise. */
export const lateOnly: readonly (readonly [from: string, to: string])[] = [['client', 'probe']];

/** npm package -> the rooms that may import it; others are free. */
export const packageRooms: Readonly<Record<string, readonly string[]>> = {
  protobufjs: ['wire'],
  commander: ['cli'],
  'prom-client': ['server'],
  ws: ['server', 'client'],
};

/** Room of native -> the rooms whose headers it may include besides its own. */
export const roomsOfNative: Readonly<Record<string, readonly string[]>> = {
  base: [],
  capture: ['base'],
  decode: ['base'],
  flow: ['base', 'capture', 'decode'],
  batch: ['base', 'capture', 'decode', 'flow'],
  probe: ['base', 'capture', 'decode', 'flow', 'batch'],
  binding: ['base', 'capture', 'decode', 'flow', 'batch', 'probe'],
};

/** Headers of others -> the one room that includes them. */
export const headerRooms: readonly (readonly [header: RegExp, room: string])[] = [
  [/^(napi|node_api|js_native_api)\.h$/, 'binding'],
  [/^pcap(\.h|\/)/, 'capture'],
  [/^protozero\//, 'batch'],
];

interface Import {
  readonly to: string;
  readonly late: boolean;
  readonly types: boolean;
}

const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(,])\/\/.*$/gm, '$1');

export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const early = /^[ \t]*(?:import|export)\b([^'"`;]*?\bfrom\s*|\s*)['"]([^'"]+)['"]/gm;
  const late = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [
    ...[...code.matchAll(early)].map(([, head, to]) => ({
      to: to ?? '',
      late: false,
      types: /^\s*type\b/.test(head ?? ''),
    })),
    // `import('./x.js').Type` in a type is a late import too: it costs nothing when it runs.
    ...[...code.matchAll(late)].map(([, to]) => ({ to: to ?? '', late: true, types: false })),
  ];
}

export function includesOf(text: string): string[] {
  return [...text.matchAll(/^\s*#\s*include\s*[<"]([^>"]+)[>"]/gm)].map(([, path]) => path ?? '');
}

const roomOf = (path: string) => path.split('/').slice(0, -1)[1];

/** 'src/wire/a.ts' imports './b.js' -> 'src/wire/b.ts'. */
function resolveImport(from: string, to: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of to.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/').replace(/\.js$/, '.ts');
}

function wrongImport(path: string, { to, late, types }: Import): string | undefined {
  const room = roomOf(path);
  if (to.startsWith('node:')) {
    return room !== undefined && pureRooms.includes(room) ? 'this room runs in a browser too' : undefined;
  }
  if (!to.startsWith('.')) {
    const name = /^(@[^/]+\/[^/]+|[^/]+)/.exec(to)?.[0] ?? to;
    const rooms = packageRooms[name];
    return rooms && !rooms.includes(room ?? '') ? `only ${rooms.join(' and ')} may` : undefined;
  }
  if (!to.endsWith('.js')) return 'relative imports end in .js';
  const target = resolveImport(path, to);
  if (!target.startsWith('src/')) return 'it is outside of src';
  const there = roomOf(target);
  if (/\/generated\//.test(target) && room !== 'wire') return 'generated code is for wire only';
  if (target === 'src/errors.ts' || (there !== undefined && there === room)) return undefined;
  if (there === undefined) return 'only errors.ts is open to all';
  if (there === 'cli') return 'nothing imports cli';
  if (path === 'src/index.ts') return undefined;
  if (room === undefined || !roomsOfSrc[room]?.includes(there)) return `${room ?? path} may not see ${there}`;
  const mustBeLate = lateOnly.some(([from, target]) => from === room && target === there);
  return mustBeLate && !late && !types ? `${room} may load ${there} by import() only` : undefined;
}

/** A file that hands on what others export: none but the package entry. */
function isBarrel(text: string): boolean {
  const code = withoutComments(text);
  return (
    /^\s*export\s*\*/m.test(code) ||
    (/^\s*export\b/m.test(code) && code.replace(/export\s[^;]*?\sfrom\s*['"][^'"]+['"];?/g, '').trim() === '')
  );
}

export function violationsInSrc(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const room = roomOf(path);
    if (room !== undefined && !(room in roomsOfSrc)) found.push(`${path}: '${room}' is no room of the table`);
    for (const one of importsOf(text)) {
      const wrong = wrongImport(path, one);
      if (wrong !== undefined) found.push(`${path} imports ${one.to}: ${wrong}`);
    }
    const code = withoutComments(text);
    if (/^export default\b/m.test(code)) found.push(`${path}: export default`);
    if (path !== 'src/index.ts' && isBarrel(text)) found.push(`${path}: a barrel`);
    if (room !== undefined && pureRooms.includes(room)) {
      const global = /(?<![\w.'"`])(Buffer|process|require|__dirname)(?=[.([])/.exec(code)?.[1];
      if (global !== undefined) found.push(`${path} uses ${global}: this room runs in a browser too`);
    }
  }
  const edges = (path: string) =>
    importsOf(sources.get(path) ?? '')
      .filter(({ to }) => to.startsWith('.'))
      .map(({ to }) => resolveImport(path, to));
  return [...found, ...cycles([...sources.keys()], edges)];
}

export function violationsInNative(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const room = roomOf(path) ?? '';
    const allowed = roomsOfNative[room];
    if (allowed === undefined) {
      found.push(`${path}: '${room}' is no room of the table`);
      continue;
    }
    for (const include of includesOf(text)) {
      const owner = headerRooms.find(([header]) => header.test(include))?.[1];
      if (owner !== undefined && owner !== room) found.push(`${path} includes ${include}: only ${owner} may`);
      if (/\.cc$/.test(include)) found.push(`${path} includes ${include}: a source`);
      if (include.startsWith('.')) found.push(`${path} includes ${include}: paths are relative to native/`);
      const there = include.includes('/') ? (include.split('/')[0] ?? '') : '';
      const known = there in roomsOfNative && sources.has(`native/${include}`);
      if (known && there !== room && !allowed.includes(there)) {
        found.push(`${path} includes ${include}: ${room} may not see ${there}`);
      }
    }
  }
  const edges = (path: string) => includesOf(sources.get(path) ?? '').map((include) => `native/${include}`);
  return [...found, ...cycles([...sources.keys()], edges)];
}

/** Each cycle once, as 'a -> b -> a'. */
export function cycles(nodes: readonly string[], edges: (node: string) => readonly string[]): string[] {
  const known = new Set(nodes);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (node: string, trail: readonly string[]) => {
    const at = trail.indexOf(node);
    if (at >= 0) found.push(`a cycle: ${[...trail.slice(at), node].join(' -> ')}`);
    if (at >= 0 || done.has(node) || !known.has(node)) return;
    for (const next of edges(node)) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of nodes) visit(node, []);
  return found;
}
