// What the system must have before C++ can be built, and the command that brings it.
import { existsSync, readFileSync } from 'node:fs';
import { say } from './project.mjs';
import { run } from './run.mjs';

const compilers = () => (process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++']);
const pythons = () =>
  [process.env.npm_config_python, process.env.PYTHON, 'python3', 'python'].filter(Boolean);

async function firstThatWorks(commands, args, input) {
  for (const command of commands) if ((await run(command, args, { input })).code === 0) return command;
  return undefined;
}

const compiles = (source) =>
  firstThatWorks(compilers(), ['-std=c++20', '-x', 'c++', '-fsyntax-only', '-'], source);

/** What building the addon needs: a name for people, a test, and its package by package manager. */
export const buildNeeds = [
  {
    name: 'a C++20 compiler',
    found: () => compiles('#include <span>\n'),
    packages: { apt: 'g++', dnf: 'gcc-c++', zypper: 'gcc-c++', apk: 'g++', pacman: 'gcc' },
  },
  {
    name: 'make',
    found: () => firstThatWorks([process.env.MAKE || 'make'], ['--version']),
    packages: { apt: 'make', dnf: 'make', zypper: 'make', apk: 'make', pacman: 'make' },
  },
  {
    name: 'python3',
    found: () => firstThatWorks(pythons(), ['--version']),
    packages: { apt: 'python3', dnf: 'python3', zypper: 'python3', apk: 'python3', pacman: 'python' },
  },
  {
    name: 'the libpcap headers',
    // Without a compiler nobody can tell, so the file itself is looked for as well.
    found: async () =>
      (await compiles('#include <pcap/pcap.h>\n')) ??
      ['/usr/include/pcap/pcap.h', '/usr/local/include/pcap/pcap.h'].find((path) => existsSync(path)),
    packages: {
      apt: 'libpcap-dev',
      dnf: 'libpcap-devel',
      zypper: 'libpcap-devel',
      apk: 'libpcap-dev',
      pacman: 'libpcap',
    },
  },
];

export async function missingOf(needs) {
  const missing = [];
  for (const need of needs) if (!(await need.found())) missing.push(need);
  return missing;
}

const installCommands = {
  apt: (names) => `apt-get update && apt-get install -y --no-install-recommends ${names}`,
  dnf: (names) => `dnf install -y ${names}`,
  zypper: (names) => `zypper install -y ${names}`,
  apk: (names) => `apk add ${names}`,
  pacman: (names) => `pacman -S --needed --noconfirm ${names}`,
};

/** 'apt', 'dnf', 'zypper', 'apk', 'pacman', 'brew' or undefined: by the system's os-release. */
export function packageManager(osRelease = readOsRelease()) {
  if (process.platform === 'darwin') return 'brew';
  const words = /^ID=(.*)$/m.exec(osRelease)?.[1] ?? '';
  const like = /^ID_LIKE=(.*)$/m.exec(osRelease)?.[1] ?? '';
  const ids = `${words} ${like}`.replaceAll('"', '').toLowerCase().split(/\s+/);
  const families = [
    ['apt', ['debian', 'ubuntu']],
    ['dnf', ['fedora', 'rhel', 'centos', 'amzn']],
    ['zypper', ['suse', 'opensuse', 'sles']],
    ['apk', ['alpine']],
    ['pacman', ['arch']],
  ];
  return families.find(([, names]) => names.some((name) => ids.some((id) => id.startsWith(name))))?.[0];
}

function readOsRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}

/** The one line that installs what is missing on this system. */
export function installCommand(missing, manager = packageManager()) {
  if (manager === 'brew') return 'xcode-select --install';
  const command = installCommands[manager];
  const names = missing.map((need) => need.packages[manager]);
  if (command === undefined || names.includes(undefined)) {
    return `(with your package manager) install ${missing.map((need) => need.name).join(', ')}`;
  }
  return command(names.join(' '));
}

export const isRoot = () => process.getuid?.() === 0;

/** The same as this user has to type it. */
export function commandToType(missing, { root = isRoot(), manager = packageManager() } = {}) {
  const command = installCommand(missing, manager);
  return root || manager === 'brew' || command.startsWith('(') ? command : `sudo sh -c '${command}'`;
}

/**
 * Makes the system have `needs`: as root by its package manager, saying so before; else says what to type.
 * Returns true if everything is there now.
 */
export async function bring(needs, purpose) {
  const missing = await missingOf(needs);
  if (missing.length === 0) return true;
  const names = missing.map((need) => need.name).join(', ');
  const command = installCommand(missing);
  const runnable = packageManager() !== 'brew' && !command.startsWith('(');
  if (!isRoot() || !runnable) {
    say(`${purpose} needs ${names}. Install with:\n  ${commandToType(missing)}`);
    return false;
  }
  say(`${purpose} needs ${names}; running: ${command}`);
  const { code, text } = await run('sh', ['-c', command], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  if (code !== 0) {
    say(
      `${text.trimEnd().split('\n').slice(-8).join('\n')}\nthat failed; install ${names} by hand, then try again`,
    );
    return false;
  }
  const still = await missingOf(missing);
  if (still.length > 0) say(`still missing: ${still.map((need) => need.name).join(', ')}`);
  return still.length === 0;
}
