// What the tests need beyond what building the addon needs; names of Debian and Ubuntu packages.
import { existsSync, readdirSync } from 'node:fs';
import { run } from './run.mjs';

const works = async (command, ...args) => (await run(command, args)).code === 0;
const links = async (compiler, flags, source) =>
  (await run(compiler, ['-std=c++20', '-x', 'c++', '-o', '/dev/null', '-', ...flags], { input: source }))
    .code === 0;

const main = 'int main() { return 0; }\n';
const fuzzMain =
  '#include <cstdint>\n#include <cstddef>\nextern "C" int LLVMFuzzerTestOneInput(const uint8_t*, size_t) { return 0; }\n';

/** Known once clang is installed: the package of its runtime has clang's version in its name. */
async function clangRuntime() {
  const version = /version (\d+)/.exec((await run('clang++', ['--version'])).text)?.[1];
  return version === undefined ? undefined : `libclang-rt-${version}-dev`;
}

const googleTest = ['/usr', '/usr/local', '/opt/homebrew'].map((prefix) => `${prefix}/include/gtest/gtest.h`);

/** The needs by the parts of `npm test` that have them. */
export function testNeeds(parts) {
  const needs = [
    {
      name: 'cmake',
      parts: ['native', 'fuzz', 'lint'],
      found: () => works('cmake', '--version'),
      packages: { apt: 'cmake' },
    },
    {
      name: 'GoogleTest',
      parts: ['native', 'lint'],
      found: () => googleTest.some((path) => existsSync(path)),
      packages: { apt: 'libgtest-dev' },
    },
    {
      name: 'clang',
      parts: ['native', 'fuzz'],
      found: () => works('clang++', '--version'),
      packages: { apt: 'clang' },
    },
    {
      name: 'clang-format',
      parts: ['lint'],
      found: () => works('clang-format', '--version'),
      packages: { apt: 'clang-format' },
    },
    {
      name: 'clang-tidy',
      parts: ['lint'],
      found: () => works('clang-tidy', '--version'),
      packages: { apt: 'clang-tidy' },
    },
  ];
  // Live tests make interfaces in network namespaces, and routers that lose packets; without `ip` and `nft` they
  // report themselves as skipped; so does what counts instructions where there is no valgrind.
  if (process.platform === 'linux') {
    needs.push(
      {
        name: 'valgrind',
        parts: ['hostile', 'instructions'],
        found: () => works('valgrind', '--version'),
        packages: { apt: 'valgrind' },
      },
      {
        name: 'ip',
        parts: ['system'],
        found: () => works('ip', '-V'),
        packages: { apt: 'iproute2' },
      },
      {
        name: 'nft',
        parts: ['system'],
        found: () => works('nft', '--version'),
        packages: { apt: 'nftables' },
      },
      {
        name: 'sysctl',
        parts: ['system'],
        found: () => works('sysctl', '--version'),
        packages: { apt: 'procps' },
      },
    );
  }
  return needs.filter((need) => need.parts.some((part) => parts.includes(part)));
}

/** What is to be brought after that. */
export async function sanitizerNeeds(parts) {
  if (!parts.includes('native') && !parts.includes('fuzz')) return [];
  const found = async () =>
    (await links('clang++', ['-fsanitize=address,undefined'], main)) &&
    (await links('clang++', ['-fsanitize=fuzzer'], fuzzMain));
  return [{ name: "clang's sanitizers and libFuzzer", found, packages: { apt: await clangRuntime() } }];
}

/** Names of the fuzz targets: test/fuzz/<name>_fuzz.cc. */
export function fuzzTargets(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('_fuzz.cc'))
    .map((file) => file.slice(0, -'.cc'.length))
    .sort();
}
