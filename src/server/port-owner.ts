// Who listens on a TCP port, for the error that says the port is taken. Linux only, and only as far as
// this user may look; elsewhere nobody is named.

import { readdir, readFile, readlink } from 'node:fs/promises';

export interface PortOwner {
  readonly name: string;
  readonly pid: number;
}

export async function portOwner(port: number): Promise<PortOwner | undefined> {
  try {
    const inodes = new Set<string>();
    for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
      for (const inode of listeners(await readFile(table, 'utf8').catch(() => ''), port)) inodes.add(inode);
    }
    return inodes.size === 0 ? undefined : await holderOf(inodes);
  } catch {
    return undefined;
  }
}

/** Inodes of the sockets that listen on the port, in the text of /proc/net/tcp. */
export function listeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const listening = '0A';
    return local?.endsWith(suffix) && state === listening && inode !== undefined ? [inode] : [];
  });
}

async function holderOf(inodes: ReadonlySet<string>): Promise<PortOwner | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process');
      return { name: name.trim(), pid: Number(pid) };
    }
  }
  return undefined;
}
