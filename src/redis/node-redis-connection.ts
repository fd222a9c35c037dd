import { systemClock } from '../platform/clock.ts';
import type { NodeRedisClient, NodeRedisSubscriber, RedisConnection, RedisScript } from './redis-client.ts';
import { isUnknownScript, listenAgainMs } from './redis-client.ts';

/** The events after which a client, or a cluster of them, may be reached or not. */
const changes = ['ready', 'end', 'reconnecting', 'connect', 'disconnect', 'node-ready', 'node-disconnect'];

/** Talks to a server by the package `redis`. */
export class NodeRedisConnection implements RedisConnection {
  readonly #client: NodeRedisClient;

  constructor(client: NodeRedisClient) {
    this.#client = client;
  }

  get isOpen(): boolean {
    return this.#client.isOpen;
  }

  get isCluster(): boolean {
    return 'slots' in this.#client;
  }

  get isReady(): boolean {
    return this.#client.isReady ?? this.#client.isOpen;
  }

  async evaluate({ text, sha }: RedisScript, keys: readonly string[], argument: string): Promise<unknown> {
    const options = { keys: [...keys], arguments: [argument] };
    try {
      return await this.#client.evalSha(sha, options);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return this.#client.eval(text, options);
    }
  }

  subscribe(channel: string, hear: (message: string) => void, onReady: () => void): () => void {
    let subscriber: NodeRedisSubscriber | undefined;
    let timer: unknown;
    const listen = async (connection: NodeRedisSubscriber) => {
      // Without a listener an error would be thrown where nobody can catch it; the client's own tells its user.
      connection.on('error', () => {});
      connection.unref?.();
      await connection.connect();
      // It may have been given up meanwhile, and one that was not connected yet cannot be closed.
      if (subscriber !== connection) return destroy(connection);
      await connection.subscribe(channel, hear);
      for (const event of ['ready', 'node-ready']) connection.on(event, onReady);
      // One that is told not to connect again by itself.
      connection.on('end', () => startAnew(connection));
      onReady();
    };
    const start = () => {
      const connection = this.#client.duplicate();
      subscriber = connection;
      listen(connection).catch(() => startAnew(connection));
    };
    const startAnew = (connection: NodeRedisSubscriber) => {
      if (subscriber !== connection) return;
      subscriber = undefined;
      destroy(connection);
      timer = systemClock.setTimeout(start, listenAgainMs);
    };
    start();
    return () => {
      systemClock.clearTimeout(timer);
      const last = subscriber;
      subscriber = undefined;
      if (last) destroy(last);
    };
  }

  watch(onChange: () => void): () => void {
    for (const event of changes) this.#client.on(event, onChange);
    return () => {
      for (const event of changes) this.#client.off(event, onChange);
    };
  }
}

/** One that is closed already says so by throwing. */
function destroy(connection: NodeRedisSubscriber): void {
  try {
    connection.destroy();
  } catch {}
}
