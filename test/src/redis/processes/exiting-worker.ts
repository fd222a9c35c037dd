import { createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { readWorkerData, serveWorker } from '../../../support/redis/serve-worker.ts';

/** How a process is to end: its clients are closed, or kept from keeping it alive. */
export interface Exit {
  readonly url: string;
  readonly library: 'redis' | 'ioredis';
  readonly way: 'close' | 'stop';
}

const data = readWorkerData();

serveWorker(async () => {
  const { url, library, way } = isExit(data) ? data : { url: '', library: 'redis', way: 'close' };
  const nodeRedis = createClient({ url });
  const ioRedis = new Redis(url, { lazyConnect: true });
  const client = library === 'redis' ? await nodeRedis.connect() : ioRedis;
  if (library === 'ioredis') await ioRedis.connect();
  const breaker = createBreaker({ name: 'model', failureThreshold: 1, fleet: redisFleet({ client }) });
  await breaker.ready;
  await breaker.call(() => Promise.reject(new Error('no'))).catch(() => {});
  const { fleet } = breaker.metrics();
  if (way === 'stop') breaker.stop();
  // The test's own channel keeps the process alive, too.
  setTimeout(async () => {
    if (library === 'redis') await nodeRedis.close();
    else await ioRedis.quit();
    process.removeAllListeners('disconnect');
    process.disconnect();
  }, 100);
  return fleet?.isConnected;
});

function isExit(value: unknown): value is Exit {
  return typeof value === 'object' && value !== null && 'library' in value;
}
