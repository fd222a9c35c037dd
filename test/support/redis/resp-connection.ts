import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createRespReader, RespError, type RespValue, toRespCommand } from './resp.ts';

/** One socket to Redis. */
export interface RespConnection {
  readonly isClosed: boolean;
  /** Sends a command; an error of Redis or the end of the connection rejects. */
  send(args: readonly string[]): Promise<RespValue>;
  /** Ends it at once; commands that wait for an answer reject. */
  close(): void;
}

/** Parts of the URL of a Redis. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads host and port off the URL of a Redis. */
export function toRedisAddress(url: string): RedisAddress {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(port || 6379) };
}

/**
 * Connects to a Redis without a library, so that tests can look at keys independently of the client they test.
 *
 * @param url `redis[s]://[[user][:password]@]host[:port][/database]`
 */
export function connectResp(url: string): RespConnection {
  const { protocol, username, password, pathname } = new URL(url);
  const address = toRedisAddress(url);
  const socket = protocol === 'rediss:' ? connectTls(address) : connectTcp(address);
  const read = createRespReader();
  const waiting: { resolve(value: RespValue): void; reject(reason: unknown): void }[] = [];
  let isClosed = false;
  let reason = new Error(`The connection to ${address.host}:${address.port} is closed.`);

  socket.on('data', (piece) => {
    for (const value of read(piece)) {
      const command = waiting.shift();
      if (value instanceof RespError) command?.reject(value);
      else command?.resolve(value);
    }
  });
  socket.on('error', (error) => {
    reason = error;
  });
  socket.on('close', () => {
    isClosed = true;
    for (const { reject } of waiting.splice(0)) reject(reason);
  });

  const send = (args: readonly string[]) =>
    new Promise<RespValue>((resolve, reject) => {
      if (isClosed) return reject(reason);
      waiting.push({ resolve, reject });
      socket.write(toRespCommand(args));
    });
  const introduce = (args: readonly string[]) => {
    send(args).catch((error: Error) => socket.destroy(error));
  };
  if (password) introduce(['AUTH', ...(username ? [decodeURIComponent(username)] : []), decodeURIComponent(password)]);
  if (pathname.length > 1) introduce(['SELECT', pathname.slice(1)]);

  return {
    get isClosed() {
      return isClosed;
    },
    send,
    close: () => {
      isClosed = true;
      socket.destroy();
    },
  };
}
