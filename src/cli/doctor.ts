// `panoptes doctor`: what on this machine is fine for a probe, what is not, and what to do about it. The checks
// take a `Machine`, so that a test can be a machine that lacks everything.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { freemem } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { PanoptesError } from '../errors.js';
import { addonPaths, loadAddon } from '../probe/addon.js';
import type { NativeModule } from '../probe/native-module.js';
import { checkProbeOptions } from '../probe/options.js';
import { suggest } from '../record/suggest.js';
import { listenAll } from '../server/listen.js';
import { type Finding, fail, findingsText, ok, warn } from './findings.js';
import {
  addDecodeOptions,
  checkForCaptures,
  decodeOptionsOf,
  type RawDecodeOptions,
} from './shared/decode-options.js';
import { type PayloadOptions, parsePayload } from './shared/payload-option.js';
import { printShort } from './shared/report.js';

export type DoctorsAddon = Pick<NativeModule, 'interfaceNames' | 'pcapVersion' | 'mayCapture' | 'memory'>;

/** What the checks ask of the machine. */
export interface Machine {
  readonly nodeVersion: string;
  readonly isRoot: boolean;
  /** Throws a PanoptesError where it does not load. */
  addon(): { readonly path: string; readonly module: DoctorsAddon };
  /** Throws a PanoptesError where the port cannot be opened. */
  tryPort(port: number): Promise<void>;
  readText(path: string): string | undefined;
  freeBytes(): number;
}

export interface DoctorOptions {
  readonly interfaces: readonly string[];
  readonly port: number;
  readonly maxFlows: number;
  readonly tcpHoles?: number | undefined;
  readonly threads?: number | undefined;
  /** What -U says. */
  readonly payload?: PayloadOptions | undefined;
}

/** All checks, in the order in which they matter. */
export async function diagnose(machine: Machine, options: DoctorOptions): Promise<Finding[]> {
  const findings = [checkNode(machine)];
  const loaded = tryAddon(machine);
  if (loaded instanceof PanoptesError) {
    findings.push(fail('addon', loaded.message, loaded.hint ?? 'build it: npm run build'));
  } else {
    const { path, module } = loaded;
    findings.push(ok('addon', path), ok('libpcap', module.pcapVersion()), checkCapture(machine, module));
    findings.push(...checkInterfaces(machine, module, options.interfaces));
    findings.push(...checkMemory(machine, module, options));
  }
  return [...findings, await checkPort(machine, options.port), ...checkHugePages(machine)];
}

/** The versions of package.json's `engines`. */
export function isNodeSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 12;
  return major >= 24;
}

function checkNode({ nodeVersion }: Machine): Finding {
  if (isNodeSupported(nodeVersion)) return ok('node', nodeVersion);
  return fail(
    'node',
    `${nodeVersion} is not supported`,
    'install Node 20.19, 22.12, 24 or later of these lines',
  );
}

function tryAddon(machine: Machine): ReturnType<Machine['addon']> | PanoptesError {
  try {
    return machine.addon();
  } catch (error) {
    if (error instanceof PanoptesError) return error;
    throw error;
  }
}

function checkCapture(machine: Machine, addon: DoctorsAddon): Finding {
  const { ok: may, why } = addon.mayCapture();
  if (may) return ok('capture', 'this user may capture');
  const todo = machine.isRoot
    ? 'root without the right: in a container, add the capability NET_RAW'
    : `run as root, or give node the right: sudo setcap cap_net_raw,cap_net_admin+eip "$(realpath "$(which node)")"`;
  return fail('capture', why, todo);
}

function checkInterfaces(machine: Machine, addon: DoctorsAddon, wanted: readonly string[]): Finding[] {
  const names = addon.interfaceNames();
  if (wanted.length === 0) {
    const list = names.join(' ');
    return [
      list
        ? ok('interfaces', list)
        : warn('interfaces', 'none is visible', 'capture needs the right to see them'),
    ];
  }
  return wanted.map((name) => {
    if (!names.includes(name)) {
      const near = suggest(name, names);
      const todo = near ? `did you mean '${near}'?` : `there are: ${names.join(' ')}`;
      return fail('interface', `${name} does not exist`, todo);
    }
    const state = machine.readText(`/sys/class/net/${name}/operstate`)?.trim();
    return state === 'down'
      ? warn('interface', `${name} is down`, `sudo ip link set ${name} up`)
      : ok('interface', state ? `${name} (${state})` : name);
  });
}

/** For options that do not depend on what is measured. */
const anySource = { sources: [{ kind: 'file', path: '-' }] } as const;

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;

function checkMemory(
  machine: Machine,
  addon: DoctorsAddon,
  { maxFlows, tcpHoles, threads = 1, payload }: DoctorOptions,
): Finding[] {
  const options = checkProbeOptions({ ...anySource, ...payload });
  const need = addon.memory(maxFlows, options, tcpHoles, threads);
  const flows = need.bytesPerFlow * maxFlows;
  const message =
    `${mebibytes(need.baseBytes)} for ${threads > 1 ? `the ${threads} tables of each link` : 'each table'} and its buffers, and ${Math.ceil(need.bytesPerFlow)} bytes a flow: ` +
    `${mebibytes(need.baseBytes + flows)} when all ${maxFlows} flows of --max-flows are in use ` +
    `(${mebibytes(need.payloadBytes)} of it for first payload, -U; ${need.bytesPerExtra} more for each in a tunnel, or with an ICMP error; ${need.bytesPerTcpTrouble} more for each ` +
    `TCP flow while it tells of losses, at most ${mebibytes(need.bytesPerTcpTrouble * need.mostTcpTroubles)}; and at most ${mebibytes(options.queueBytes)} in the queue to the output, --queue)`;
  if (need.baseBytes + flows <= machine.freeBytes()) return [ok('memory', message)];
  const fits = Math.max(1, Math.floor((machine.freeBytes() - need.baseBytes) / need.bytesPerFlow));
  return [
    warn('memory', `${message}; free are ${mebibytes(machine.freeBytes())}`, `try --max-flows ${fits}`),
  ];
}

async function checkPort(machine: Machine, port: number): Promise<Finding> {
  try {
    await machine.tryPort(port);
    return ok('port', `${port} can be opened`);
  } catch (error) {
    if (!(error instanceof PanoptesError)) throw error;
    const todo = error.hint ?? 'choose another one with -P';
    return error.code === 'port-in-use'
      ? warn('port', error.message, todo)
      : fail('port', error.message, todo);
  }
}

const hugePagesPath = '/sys/kernel/mm/transparent_hugepage/enabled';

function checkHugePages(machine: Machine): Finding[] {
  const text = machine.readText(hugePagesPath);
  if (text === undefined) return [];
  const setting = /\[(\w+)\]/.exec(text)?.[1] ?? text.trim();
  if (setting !== 'never') return [ok('huge pages', `transparent huge pages: ${setting}`)];
  const todo = `for as long as the machine runs: echo madvise | sudo tee ${hugePagesPath}`;
  return [warn('huge pages', 'transparent huge pages are off: large flow tables are slower', todo)];
}

/** The machine that this runs on. */
export const thisMachine: Machine = {
  nodeVersion: process.version,
  isRoot: process.getuid?.() === 0,
  addon: () => {
    const module: DoctorsAddon = loadAddon();
    return { path: addonPaths().find((path) => existsSync(path)) ?? '', module };
  },
  tryPort: async (port) => {
    const { servers } = await listenAll('localhost', port, () => createServer());
    await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  },
  readText: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  // What can be had without swapping; freemem() alone leaves out the page cache.
  freeBytes: () => {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(thisMachine.readText('/proc/meminfo') ?? '')?.[1];
    return available === undefined ? freemem() : Number(available) * 1024;
  },
};

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}

interface RawDoctorOptions extends RawDecodeOptions {
  interface?: string[];
  capture?: string[];
  port: number;
  maxFlows: number;
  threads?: number;
  payload?: PayloadOptions;
  json?: boolean;
}

export function doctorCommand(): Command {
  const { maxFlows } = checkProbeOptions(anySource);
  const command = new Command('doctor')
    .description('says what on this machine is fine for a probe, or what a capture holds, and what to do')
    .option('-i, --interface <names...>', 'interfaces that a probe is to capture')
    .option(
      '--capture <files...>',
      'explain captures instead: what they are, what was decoded, what not and why',
    )
    .option('-P, --port <port>', 'port that a probe is to serve', wholeNumber(1, 65535), 561)
    .option('--max-flows <count>', 'flows that a probe is to hold', wholeNumber(1, 100_000_000), maxFlows)
    .option('--threads <count>', 'threads that a probe is to have for each link', wholeNumber(1, 64))
    .option('-U, --payload <rules>', 'payload that a probe is to keep', parsePayload)
    .option('--json', 'one JSON object with the findings (with --capture: one a file)');
  return addDecodeOptions(command).action(async (raw: RawDoctorOptions) => {
    // How many holes are remembered says how much memory a probe takes: asked of a machine too.
    const { tcpHoles: _holes, ...ofDecoding } = decodeOptionsOf(raw);
    checkForCaptures(ofDecoding, raw.capture !== undefined, 'name captures with --capture');
    const failed = await (raw.capture ? explainCaptures(raw.capture, raw) : examineMachine(raw));
    if (failed) process.exitCode = 1;
  });
}

async function examineMachine({
  interface: interfaces = [],
  port,
  maxFlows,
  tcpHoles,
  threads,
  payload,
  json,
}: RawDoctorOptions) {
  const findings = await diagnose(thisMachine, { interfaces, port, maxFlows, tcpHoles, threads, payload });
  const failed = findings.some(({ level }) => level === 'fail');
  printShort(json ? `${JSON.stringify({ ok: !failed, findings })}\n` : findingsText(findings));
  return failed;
}

/** Whether any of the files cannot be used as it should. */
async function explainCaptures(paths: readonly string[], raw: RawDoctorOptions): Promise<boolean> {
  const { captureReport } = await import('./capture-report.js');
  let failed = false;
  for (const [index, path] of paths.entries()) {
    const report = await captureReport(path, { maxFlows: raw.maxFlows, ...decodeOptionsOf(raw) });
    failed ||= !report.ok;
    const text = raw.json ? `${JSON.stringify(report)}\n` : findingsText(report.findings);
    printShort(index > 0 && !raw.json ? `\n${text}` : text);
  }
  return failed;
}
