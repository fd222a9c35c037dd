/** A client of the package `redis`, version 5 or 6: what `createClient` or `createCluster` has made. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  /** Not there in clusters of version 5. */
  readonly isReady?: boolean;
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  duplicate(): NodeRedisSubscriber;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** A connection of such a client that does nothing but listen. */
export interface NodeRedisSubscriber {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  destroy(): void;
  /** Not there in clusters. */
  unref?(): void;
  on(event: string, listener: () => void): unknown;
}

/** A client of the package `ioredis`, version 5 or 6: a `Redis` or a `Cluster`. */
export interface IoRedisClient {
  readonly status: string;
  evalsha(sha: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  duplicate(): IoRedisSubscriber;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** A connection of such a client that does nothing but listen. */
export interface IoRedisSubscriber {
  readonly status: string;
  connect(): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  disconnect(): void;
  on(event: string, listener: (channel: string, message: string) => void): unknown;
}

/** A client of `redis` or of `ioredis`. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** What the fleet needs of a server, whichever library talks to it. */
export interface RedisConnection {
  /** Whether the client has been told to connect, and not to close. */
  readonly isOpen: boolean;
  /** Whether the keys of different breakers may be on different servers. */
  readonly isCluster: boolean;
  /** Whether a command sent now would go out, rather than wait for a connection. */
  readonly isReady: boolean;
  /** Runs a script, by its hash where the server knows it. */
  evaluate(script: RedisScript, keys: readonly string[], argument: string): Promise<unknown>;
  /**
   * Listens to a channel over a connection of its own, which does not keep the process alive.
   *
   * @param hear - Is given each message.
   * @param onReady - Is called whenever listening begins, for the first time and after each break.
   * @returns Ends it.
   */
  subscribe(channel: string, hear: (message: string) => void, onReady: () => void): () => void;
  /** Calls back whenever `isReady` may have changed; returns what ends that. */
  watch(onChange: () => void): () => void;
}

/** A script and the hash by which a server knows it. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

/** How long to wait before a listening connection that has ended is made anew, in ms. */
export const listenAgainMs = 500;

/** Tells whether a value is a client of `ioredis`. */
export function isIoRedis(client: RedisClient): client is IoRedisClient {
  return 'evalsha' in client;
}

/** Tells whether the server does not know the hash of a script. */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
