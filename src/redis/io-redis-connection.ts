import { systemClock } from '../platform/clock.ts';
import type { IoRedisClient, IoRedisSubscriber, RedisConnection, RedisScript } from './redis-client.ts';
import { isUnknownScript, listenAgainMs } from './redis-client.ts';

/** The events after which a client, or a cluster of them, may be reached or not. */
const changes = ['ready', 'close', 'end', 'reconnecting'];

/** Talks to a server by the package `ioredis`. */
export class IoRedisConnection implements RedisConnection {
  readonly #client: IoRedisClient;

  constructor(client: IoRedisClient) {
    this.#client = client;
  }

  get isOpen(): boolean {
    return this.#client.status !== 'end';
  }

  get isCluster(): boolean {
    return 'isCluster' in this.#client && this.#client.isCluster === true;
  }

  get isReady(): boolean {
    return this.#client.status === 'ready';
  }

  async evaluate({ text, sha }: RedisScript, keys: readonly string[], argument: string): Promise<unknown> {
    try {
      return await this.#client.evalsha(sha, keys.length, ...keys, argument);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return this.#client.eval(text, keys.length, ...keys, argument);
    }
  }

  subscribe(channel: string, hear: (message: string) => void, onReady: () => void): () => void {
    let subscriber: IoRedisSubscriber | undefined;
    let timer: unknown;
    const start = () => {
      const connection = this.#listen(channel, hear, onReady);
      subscriber = connection;
      connection.on('end', () => {
        // One that was told not to connect again by itself.
        if (subscriber === connection) timer = systemClock.setTimeout(start, listenAgainMs);
      });
    };
    start();
    return () => {
      systemClock.clearTimeout(timer);
      const last = subscriber;
      subscriber = undefined;
      last?.disconnect();
    };
  }

  #listen(channel: string, hear: (message: string) => void, onReady: () => void): IoRedisSubscriber {
    const subscriber = this.#client.duplicate();
    subscriber.on('error', () => {});
    subscriber.on('connect', () => unref(subscriber));
    subscriber.on('message', (from, message) => {
      if (from === channel) hear(message);
    });
    // The library subscribes anew by itself; doing it once more is harmless, and the first time it is needed.
    subscriber.on('ready', () => {
      subscriber.subscribe(channel).then(onReady, () => {});
    });
    if (subscriber.status === 'wait') subscriber.connect().catch(() => {});
    return subscriber;
  }

  watch(onChange: () => void): () => void {
    for (const event of changes) this.#client.on(event, onChange);
    return () => {
      for (const event of changes) this.#client.off(event, onChange);
    };
  }
}

/** Takes care that the connection does not keep the process alive. */
function unref(subscriber: object): void {
  const stream: unknown = Reflect.get(subscriber, 'stream');
  if (typeof stream !== 'object' || stream === null) return;
  const method: unknown = Reflect.get(stream, 'unref');
  if (typeof method === 'function') method.call(stream);
}
