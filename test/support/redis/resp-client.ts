import type { RespValue } from './resp.ts';
import { connectResp, type RespConnection } from './resp-connection.ts';

/** Asks a Redis directly; connects when it is asked, and again after the connection was lost. */
export interface RespClient {
  /** Sends one command; an error of Redis rejects with a RespError. There is no timeout: a stopped server never answers. */
  command(...args: readonly string[]): Promise<RespValue>;
  /** Lets go of the connection; the next command makes a new one. */
  close(): void;
}

/** Makes a client of a Redis out of nothing but sockets. */
export function createRespClient(url: string): RespClient {
  let connection: RespConnection | undefined;
  return {
    command: (...args) => {
      if (!connection || connection.isClosed) connection = connectResp(url);
      return connection.send(args);
    },
    close: () => connection?.close(),
  };
}
