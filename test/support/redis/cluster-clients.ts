import { Cluster as IoRedisCluster } from 'ioredis';
import { createCluster } from 'redis';
import { reconnectDelayMs } from './clients.ts';

/** A client of a cluster, by node-redis 6. */
export type NodeRedisCluster = ReturnType<typeof openNodeRedisCluster>;
/** A client of a cluster, by any of the libraries. */
export type RedisClusterClient = NodeRedisCluster | IoRedisCluster;

/** A client of a cluster, and how to be rid of it. */
export interface OpenRedisClusterClient extends AsyncDisposable {
  readonly client: RedisClusterClient;
  /** Reads a key; the answer comes after those to all that was sent before about keys of its slot. */
  get(key: string): Promise<unknown>;
  /** Ends its connections at once; commands that wait for an answer reject. */
  close(): Promise<void>;
}

/** A library for clusters of Redis. */
export interface RedisClusterLibrary {
  readonly name: 'redis 6' | 'ioredis 6';
  /** Connects a client to a cluster of 127.0.0.1; its errors are let go. */
  connectCluster(ports: readonly number[]): Promise<OpenRedisClusterClient>;
}

/** The newest of every library for clusters of Redis. */
export const redisClusterClients: readonly RedisClusterLibrary[] = [
  { name: 'redis 6', connectCluster: connectNodeRedisCluster },
  { name: 'ioredis 6', connectCluster: connectIoRedisCluster },
];

function openNodeRedisCluster(ports: readonly number[]) {
  return createCluster({
    rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })),
    defaults: { socket: { reconnectStrategy: reconnectDelayMs } },
  });
}

async function connectNodeRedisCluster(ports: readonly number[]): Promise<OpenRedisClusterClient> {
  const client = openNodeRedisCluster(ports);
  client.on('error', () => {});
  await client.connect();
  const close = async () => {
    if (client.isOpen) client.destroy();
  };
  const get = (key: string) => client.get(key);
  return { client, get, close, [Symbol.asyncDispose]: close };
}

async function connectIoRedisCluster(ports: readonly number[]): Promise<OpenRedisClusterClient> {
  const client = new IoRedisCluster(
    ports.map((port) => ({ host: '127.0.0.1', port })),
    { lazyConnect: true, clusterRetryStrategy: () => reconnectDelayMs },
  );
  client.on('error', () => {});
  await client.connect();
  const close = async () => client.disconnect();
  const get = (key: string) => client.get(key);
  return { client, get, close, [Symbol.asyncDispose]: close };
}
