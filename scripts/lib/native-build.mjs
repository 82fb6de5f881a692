// The CMake builds that tests, lint and fuzzing use; each in a folder of its own below build/.
import { availableParallelism } from 'node:os';
import { inProject } from './project.mjs';
import { run } from './run.mjs';

/** A compiler for each processor: `-j` alone would start them all at once, each with some hundred MiB. */
const jobs = () => ['-j', process.env.PANOPTES_JOBS ?? `${availableParallelism()}`];
const clang = ['-DCMAKE_C_COMPILER=clang', '-DCMAKE_CXX_COMPILER=clang++'];
const sanitized = ['-DPANOPTES_SANITIZE=address,undefined', '-DCMAKE_CXX_FLAGS_RELEASE=-O1'];

export const nativeBuilds = {
  native: [],
  asan: [...clang, ...sanitized, '-DPANOPTES_ADDON=OFF'],
  fuzz: [...clang, ...sanitized, '-DPANOPTES_FUZZ=ON'],
  coverage: ['-DPANOPTES_COVERAGE=ON', '-DPANOPTES_ADDON=OFF'],
};

/** Configures and builds build/<name>; returns { code, text }. */
export async function buildNative(name, { configureOnly = false } = {}) {
  const folder = inProject('build', name);
  const args = ['-S', inProject('native'), '-B', folder, '-DCMAKE_BUILD_TYPE=Release'];
  const configured = await run('cmake', [...args, ...nativeBuilds[name]]);
  if (configured.code !== 0 || configureOnly) return configured;
  return run('cmake', ['--build', folder, ...jobs()]);
}
