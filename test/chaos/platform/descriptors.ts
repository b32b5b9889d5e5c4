import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * What a process has open of its own: connections that others opened to its port are left out, as it is for them to
 * close those that are idle.
 */
export async function ownDescriptors(pid: number, port: number): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  const visitors = await inodesAtPort(port);
  return targets.filter((target) => !visitors.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '')).length;
}

/** Sockets of the system whose own end is this port, by inode. */
async function inodesAtPort(port: number): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const columns = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  return new Set(columns.filter(([, local = '']) => local.endsWith(suffix)).map((row) => row[9] ?? ''));
}
