import { expect, it } from 'vitest';
import { runScript } from '../../../support/child.ts';
import { startRedisServer } from '../../../support/redis/redis-server.ts';
import { startWorker } from '../../../support/redis/worker.ts';
import type { Exit } from './exiting-worker.ts';

it('ready keeps the process alive until the timeout, even of one whose client is never told to connect', async () => {
  const { code, stdout } = await runScript('test/src/redis/processes/awaiting-script.ts');
  expect([code, stdout]).toEqual([0, 'false called\n']);
});

it.concurrent.each<Omit<Exit, 'url'>>([
  { library: 'redis', way: 'close' },
  { library: 'redis', way: 'stop' },
  { library: 'ioredis', way: 'close' },
  { library: 'ioredis', way: 'stop' },
])('a process ends by itself once its client is closed: $library, $way', async (exit) => {
  await using server = await startRedisServer();
  await using worker = await startWorker('test/src/redis/processes/exiting-worker.ts', { ...exit, url: server.url });
  expect(await worker.ask('go')).toBe(true);
  expect(await Promise.race([worker.exited, new Promise((resolve) => setTimeout(resolve, 8000, 'still there'))])).toBe(
    0,
  );
});
