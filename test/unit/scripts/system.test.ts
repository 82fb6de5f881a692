import { describe, expect, it } from 'vitest';
import { buildNeeds, commandToType, installCommand, packageManager } from '../../../scripts/lib/system.mjs';

describe('the package manager', () => {
  it.skipIf(process.platform === 'darwin').each([
    ['ID=debian\nVERSION_ID="12"\n', 'apt'],
    ['ID=ubuntu\nID_LIKE=debian\n', 'apt'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'apt'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf'],
    ['ID=fedora\n', 'dnf'],
    ['ID=alpine\n', 'apk'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', 'zypper'],
    ['ID=manjaro\nID_LIKE=arch\n', 'pacman'],
    ['ID=plan9\n', undefined],
    ['', undefined],
  ])('of %j is %s', (osRelease, manager) => {
    expect(packageManager(osRelease)).toBe(manager);
  });
});

describe('the command that installs what is missing', () => {
  const headers = buildNeeds.filter(({ name }) => name === 'the libpcap headers');

  it('names only what is missing', () => {
    expect(installCommand(headers, 'apt')).toBe(
      'apt-get update && apt-get install -y --no-install-recommends libpcap-dev',
    );
    expect(installCommand(headers, 'apk')).toBe('apk add libpcap-dev');
  });

  it('knows a package for each need with every manager it knows', () => {
    for (const manager of ['apt', 'dnf', 'zypper', 'apk', 'pacman']) {
      expect(installCommand(buildNeeds, manager)).not.toContain('with your package manager');
    }
  });

  it('is typed with sudo by who is not root', () => {
    const typed = (root: boolean) => commandToType(headers, { root, manager: 'dnf' });
    expect(typed(true)).toBe('dnf install -y libpcap-devel');
    expect(typed(false)).toBe("sudo sh -c 'dnf install -y libpcap-devel'");
  });

  it('says in words what is missing where it does not know the system', () => {
    expect(installCommand(headers, 'plan9')).toBe('(with your package manager) install the libpcap headers');
  });
});
