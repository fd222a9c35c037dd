import { Redis as IoRedis6 } from 'ioredis';
import { Redis as IoRedis5 } from 'ioredis-5';
import { createClient as createNodeRedis6 } from 'redis';
import { createClient as createNodeRedis5 } from 'redis-5';

/** A client of node-redis 6. */
export type NodeRedis6 = ReturnType<typeof openNodeRedis6>;
/** A client of node-redis 5. */
export type NodeRedis5 = ReturnType<typeof openNodeRedis5>;
/** A client of any of the libraries. */
export type RedisClient = NodeRedis6 | NodeRedis5 | IoRedis6 | IoRedis5;

/** A client, and how to be rid of it. */
export interface OpenRedisClient extends AsyncDisposable {
  readonly client: RedisClient;
  /** Sends one command through the client, whatever the library calls that. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
  /** Reads a key; the answer comes after those to all that was sent before. */
  get(key: string): Promise<unknown>;
  /** Ends its connection at once; commands that wait for an answer reject. */
  close(): Promise<void>;
}

/** A library for Redis. */
export interface RedisLibrary {
  readonly name: 'redis 6' | 'redis 5' | 'ioredis 6' | 'ioredis 5';
  /**
   * Connects a client with the library's own defaults, but for its errors, which are let go, and for a try to
   * reconnect every 50 ms.
   *
   * @param options `wait: false` does not wait until the server has answered.
   */
  connect(url: string, options?: { readonly wait?: boolean }): Promise<OpenRedisClient>;
}

/** How long clients wait before they try to connect again, in milliseconds. */
export const reconnectDelayMs = 50;

/** Every library for Redis that is supported. */
export const redisClients: readonly RedisLibrary[] = [
  { name: 'redis 6', connect: (url, options) => connectNodeRedis(openNodeRedis6(url), options?.wait) },
  { name: 'redis 5', connect: (url, options) => connectNodeRedis(openNodeRedis5(url), options?.wait) },
  { name: 'ioredis 6', connect: (url, options) => connectIoRedis(openIoRedis6(url), options?.wait) },
  { name: 'ioredis 5', connect: (url, options) => connectIoRedis(openIoRedis5(url), options?.wait) },
];

function openNodeRedis6(url: string) {
  return createNodeRedis6({ url, socket: { reconnectStrategy: reconnectDelayMs } });
}

function openNodeRedis5(url: string) {
  return createNodeRedis5({ url, socket: { reconnectStrategy: reconnectDelayMs } });
}

function openIoRedis6(url: string) {
  return new IoRedis6(url, { lazyConnect: true, retryStrategy: () => reconnectDelayMs });
}

function openIoRedis5(url: string) {
  return new IoRedis5(url, { lazyConnect: true, retryStrategy: () => reconnectDelayMs });
}

async function connectNodeRedis(client: NodeRedis6 | NodeRedis5, wait = true): Promise<OpenRedisClient> {
  client.on('error', () => {});
  await connected(client.connect(), wait);
  const close = async () => {
    if (client.isOpen) client.destroy();
  };
  const get = (key: string) => client.get(key);
  return { client, command: (...args) => client.sendCommand(args), get, close, [Symbol.asyncDispose]: close };
}

async function connectIoRedis(client: IoRedis6 | IoRedis5, wait = true): Promise<OpenRedisClient> {
  client.on('error', () => {});
  await connected(client.connect(), wait);
  const close = async () => client.disconnect();
  const get = (key: string) => client.get(key);
  return { client, command: (name, ...args) => client.call(name, [...args]), get, close, [Symbol.asyncDispose]: close };
}

/** A test that does not wait does not want to hear of a server that is away, either. */
async function connected(connecting: Promise<unknown>, wait: boolean): Promise<void> {
  connecting.catch(() => {});
  if (wait) await connecting;
}
