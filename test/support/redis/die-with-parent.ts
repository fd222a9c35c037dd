import { spawn } from 'node:child_process';

/**
 * Sees to it that a process is killed and its folder removed when this process ends, even if that is killed itself and
 * can do nothing any more: a shell waits for the end of a pipe that the system closes then.
 *
 * @returns Calls it off, once the process has ended.
 */
export function dieWithParent(pid: number, folder: string): () => void {
  const script = 'trap "" INT HUP; read -r line; kill -9 "$1"; rm -rf "$2"';
  const watcher = spawn('sh', ['-c', script, 'sh', String(pid), folder], { stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.on('error', () => {});
  watcher.unref();
  return () => {
    watcher.kill('SIGKILL');
  };
}
