import { spawn } from 'node:child_process';

/**
 * The process is killed when ours ends, whatever ends ours: after a `kill -9` a shell that waits at the other end of a
 * pipe does it. Servers left behind by crashed runs would eat the machine. Call what it returns when the process is gone.
 */
export function diesWithUs(pid: number): () => void {
  const onOurExit = (): void => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  };
  process.once('exit', onOurExit);
  const script = 'while read -r line; do :; done; kill -9 "$1"';
  const watcher = spawn('sh', ['-c', script, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  watcher.once('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  return () => {
    watcher.kill('SIGKILL');
    process.removeListener('exit', onOurExit);
  };
}
