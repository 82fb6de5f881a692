import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type DoctorOptions,
  type DoctorsAddon,
  diagnose,
  doctorCommand,
  isNodeSupported,
  type Machine,
} from '../../../src/cli/doctor.js';
import { findingsText } from '../../../src/cli/findings.js';
import { PanoptesError } from '../../../src/errors.js';

const ofTcp = { bytesPerTcpTrouble: 1024, mostTcpTroubles: 125_000 };

const addon: DoctorsAddon = {
  interfaceNames: () => ['eth0', 'lo'],
  pcapVersion: () => 'libpcap version 1.10.3',
  mayCapture: () => ({ ok: true, why: '' }),
  memory: () => ({
    baseBytes: 10 * 2 ** 20,
    bytesPerFlow: 400,
    payloadBytes: 2 ** 21,
    bytesPerExtra: 88,
    ...ofTcp,
  }),
};

function machine(changes: Partial<Machine> = {}, addonChanges: Partial<DoctorsAddon> = {}): Machine {
  return {
    nodeVersion: 'v22.12.0',
    isRoot: false,
    addon: () => ({ path: '/p/panoptes.node', module: { ...addon, ...addonChanges } }),
    tryPort: async () => {},
    readText: (path) => (path.includes('hugepage') ? 'always [madvise] never\n' : 'up\n'),
    freeBytes: () => 2 ** 40,
    ...changes,
  };
}

const asked: DoctorOptions = { interfaces: [], port: 561, maxFlows: 1_000_000 };

async function finding(name: string, on: Machine, options: Partial<DoctorOptions> = {}) {
  return (await diagnose(on, { ...asked, ...options })).find((one) => one.name === name);
}

describe('doctor', () => {
  it('finds a good machine good, and nothing to do', async () => {
    const findings = await diagnose(machine(), { ...asked, interfaces: ['eth0'] });
    expect(findings.map(({ name, level }) => [name, level])).toEqual([
      ['node', 'ok'],
      ['addon', 'ok'],
      ['libpcap', 'ok'],
      ['capture', 'ok'],
      ['interface', 'ok'],
      ['memory', 'ok'],
      ['port', 'ok'],
      ['huge pages', 'ok'],
    ]);
    expect(findings.some(({ todo }) => todo !== undefined)).toBe(false);
  });

  it('goes on without an addon and says how to build it', async () => {
    const broken = machine({
      addon: () => {
        throw new PanoptesError('no-addon', 'the native addon is not built', 'build it: npm run build');
      },
    });
    expect(await finding('addon', broken)).toMatchObject({ level: 'fail', todo: 'build it: npm run build' });
    expect(await finding('port', broken)).toMatchObject({ level: 'ok' });
  });

  it('does not hide a bug as a finding', async () => {
    const buggy = machine({
      addon: () => {
        throw new TypeError('bug');
      },
    });
    await expect(diagnose(buggy, asked)).rejects.toThrow('bug');
  });

  it('names the right that is missing, for a user and in a container', async () => {
    const mayCapture = () => ({ ok: false, why: 'Operation not permitted' });
    const user = await finding('capture', machine({}, { mayCapture }));
    expect(user).toMatchObject({ level: 'fail', message: 'Operation not permitted' });
    expect(user?.todo).toContain('setcap cap_net_raw');
    expect((await finding('capture', machine({ isRoot: true }, { mayCapture })))?.todo).toContain(
      'container',
    );
  });

  it('suggests the interface that was meant', async () => {
    const found = await finding('interface', machine(), { interfaces: ['eht0'] });
    expect(found).toMatchObject({ level: 'fail', todo: "did you mean 'eth0'?" });
  });

  it('warns of an interface that is down', async () => {
    const down = machine({ readText: () => 'down\n' });
    expect(await finding('interface', down, { interfaces: ['eth0'] })).toMatchObject({ level: 'warn' });
  });

  it('warns of a port that is in use and fails one that may not be opened', async () => {
    const refusing = (code: 'port-in-use' | 'no-permission') =>
      machine({ tryPort: () => Promise.reject(new PanoptesError(code, 'no', 'try -P 5561')) });
    expect(await finding('port', refusing('port-in-use'))).toMatchObject({
      level: 'warn',
      todo: 'try -P 5561',
    });
    expect(await finding('port', refusing('no-permission'))).toMatchObject({ level: 'fail' });
  });

  it('counts the memory of all flows and says how many fit', async () => {
    expect((await finding('memory', machine()))?.message).toContain('392 MiB when all 1000000 flows');
    expect((await finding('memory', machine()))?.message).toContain('at most 32 MiB in the queue');
    expect((await finding('memory', machine()))?.message).toContain(
      '1024 more for each TCP flow while it tells of losses, at most 123 MiB',
    );
    const small = await finding('memory', machine({ freeBytes: () => 10 * 2 ** 20 + 40_000 }));
    expect(small).toMatchObject({ level: 'warn', todo: 'try --max-flows 100' });
  });

  it('asks the addon for the memory of so many holes', async () => {
    const memory = (flows: number, _payload?: unknown, holes = 0) => ({
      ...addon.memory(flows),
      bytesPerTcpTrouble: holes * 100,
    });
    const found = await finding('memory', machine({}, { memory }), { tcpHoles: 64 });
    expect(found?.message).toContain('6400 more for each TCP flow');
  });

  it('warns where huge pages are off and is silent where there are none', async () => {
    const never = machine({ readText: () => 'always madvise [never]\n' });
    expect(await finding('huge pages', never)).toMatchObject({ level: 'warn' });
    expect(await finding('huge pages', machine({ readText: () => undefined }))).toBeUndefined();
  });

  it('knows the versions of node that package.json promises', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(engines.node).toBe('^20.19.0 || ^22.12.0 || >=24');
    const known = [
      'v18.20.0',
      'v20.18.9',
      'v20.19.0',
      'v21.9.0',
      'v22.11.0',
      'v22.12.0',
      'v23.1.0',
      'v24.0.0',
      'v26.1.0',
    ];
    expect(known.filter(isNodeSupported)).toEqual(['v20.19.0', 'v22.12.0', 'v24.0.0', 'v26.1.0']);
  });

  it('prints what to do below what is wrong', () => {
    const text = findingsText([
      { name: 'node', level: 'ok', message: 'v22' },
      { name: 'port', level: 'warn', message: '561 is in use', todo: 'choose another' },
    ]);
    expect(text).toBe(
      'ok    node        v22\nwarn  port        561 is in use\n                  -> choose another\n',
    );
  });

  it('refuses a port that is none', async () => {
    const command = doctorCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    await expect(command.parseAsync(['-P', '70000'], { from: 'user' })).rejects.toThrow('from 1 to 65535');
  });

  it('takes the options of decoding with captures only', async () => {
    const command = doctorCommand().exitOverride();
    await expect(command.parseAsync(['--max-tunnels', '3'], { from: 'user' })).rejects.toMatchObject({
      code: 'bad-option',
      hint: 'name captures with --capture',
    });
  });
});
