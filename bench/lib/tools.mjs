// The C++ programs of the benchmark, compiled when they are first needed and again when a source changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder, root, say, toolFolder } from './places.mjs';
import { run } from './process.mjs';

const compiler = process.env.CXX ?? 'g++';

/** Sources of rooms of the probe, from the one list that its builds read. */
function nativeSources(rooms) {
  const sources = JSON.parse(readFileSync(join(root, 'native', 'sources.json'), 'utf8'));
  return rooms.flatMap((room) => sources[room]).map((path) => join(root, 'native', path));
}
const recordRooms = ['base', 'decode', 'flow', 'batch'];
const allRooms = [...recordRooms, 'capture', 'probe'];

const inBench = (path) => join(benchFolder, path);

const filesOf = (folder, suffix) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => suffix.test(file))
    .sort()
    .map((file) => join(folder, file));

const includes = ['-I', join(root, 'native'), '-isystem', join(root, 'node_modules/protozero/include')];
const nativeFlags = ['-O3', '-g', ...includes];
// Counts of instructions are to be the same on every processor.
const gateFlags = [...nativeFlags, '-DPANOPTES_ONE_VECTOR_WIDTH'];

// No fused multiply-add in the traffic: the same seed gives the same bytes on every processor. The floor is the
// best that this very processor can do, so it may use all of it.
const programs = {
  traffic: { folder: 'traffic', flags: ['-O2', '-ffp-contract=off'] },
  floor: { folder: 'floor', flags: ['-O3', '-march=native'] },
  corpus: {
    folder: 'corpus',
    flags: ['-O2'],
    units: [inBench('frames/readdress.cc'), inBench('traffic/capture_writer.cc')],
    headers: [inBench('frames/readdress.h'), inBench('traffic/capture_writer.h'), inBench('traffic/bytes.h')],
    libraries: ['-lpcap'],
  },
  hostile: {
    folder: 'hostile',
    flags: ['-O2', '-I', join(root, 'test/native')],
    headers: [join(root, 'test/native/frames.h')],
  },
  sender: {
    folder: 'sender',
    flags: ['-O2'],
    units: [inBench('frames/readdress.cc')],
    headers: [inBench('frames/readdress.h'), inBench('traffic/bytes.h')],
  },
  cpu_time: { folder: 'runner', flags: ['-O2'] },
  pipeline: {
    folder: 'driver',
    flags: gateFlags,
    libraries: ['-lpcap', '-pthread'],
    rooms: allRooms,
  },
  encoder: { folder: 'encoder', flags: nativeFlags, rooms: recordRooms },
};

/** First line of what the compiler says of itself. */
export async function compilerVersion() {
  const { out } = await run([compiler, '--version']);
  return out.split('\n')[0];
}

/** What the compiler compiles for, such as x86_64-linux-gnu. */
export async function compilerTarget() {
  return (await run([compiler, '-dumpmachine'])).out.trim();
}

/** Path of the program. Throws when it cannot be compiled. */
export async function tool(name) {
  const { folder, flags, libraries = [], units: more = [], headers = [], rooms = [] } = programs[name];
  const own = [...filesOf(inBench(folder), /\.(cc|h)$/), ...more];
  const units = [...own.filter((file) => file.endsWith('.cc')), ...nativeSources(rooms)];
  const shared = rooms.length > 0 ? filesOf(join(root, 'native'), /\.(cc|h|def|json)$/) : headers;
  const digest = createHash('sha256').update([compiler, ...flags].join(' '));
  for (const source of [...own, ...shared]) digest.update(readFileSync(source));
  const path = join(toolFolder, `${name}-${digest.digest('hex').slice(0, 12)}`);
  if (existsSync(path)) return path;
  say(`compiling ${name}`);
  mkdirSync(toolFolder, { recursive: true });
  const fresh = `${path}.${process.pid}`;
  const { code, err } = await run([compiler, '-std=c++20', ...flags, '-o', fresh, ...units, ...libraries]);
  if (code !== 0) throw new Error(`${compiler} cannot compile ${name}: ${err.trim().slice(-1500)}`);
  renameSync(fresh, path);
  return path;
}
