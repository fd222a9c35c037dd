import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { findFreePort } from './free-port.ts';
import { Network } from './network.ts';

/** A network that a test can break, between a client and a server. */
export interface TcpProxy extends AsyncDisposable {
  /** Where clients connect to, on 127.0.0.1. */
  readonly port: number;
  /** The same URL, but with this proxy for its host and port. */
  through(url: string): string;
  /** How many clients are connected now. */
  readonly connections: number;
  /** How many bytes have been passed on so far, both ways together. */
  readonly bytesPassed: number;
  /** Destroys every connection and refuses new ones, until it is healed. */
  cut(): void;
  /** Keeps connections open and accepts new ones, but passes nothing on until it is healed; then what was held passes. */
  stall(): void;
  /** Delays everything that comes from now on by so many milliseconds, each way; the order is kept. */
  slow(ms: number): void;
  /** Ends a cut, a stall and a delay; settles when clients can connect. */
  heal(): Promise<void>;
  /** Destroys every connection and listens no more. */
  stop(): Promise<void>;
}

/**
 * Puts a network that can be broken before a server.
 *
 * @param targetPort Where the server listens; it need not be up yet.
 * @param targetHost @default '127.0.0.1'
 */
export async function startTcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const network = new Network();
  const clients = new Set<Socket>();
  const upstreams = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: targetPort, host: targetHost, allowHalfOpen: true, noDelay: true });
    keepWhileOpen(clients, client);
    keepWhileOpen(upstreams, upstream);
    network.pass(client, upstream);
    network.pass(upstream, client);
  });
  const port = await findFreePort();
  const listen = async () => {
    if (server.listening) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const cut = () => {
    server.close();
    for (const socket of [...clients, ...upstreams]) socket.destroy();
  };
  const stop = async () => {
    cut();
    network.release();
  };
  await listen();
  return {
    port,
    through: (url) => {
      const changed = new URL(url);
      changed.host = `127.0.0.1:${port}`;
      return changed.href;
    },
    get connections() {
      return clients.size;
    },
    get bytesPassed() {
      return network.bytesPassed;
    },
    cut,
    stall: () => network.stall(),
    slow: (ms) => {
      network.delayMs = ms;
    },
    heal: () => {
      network.delayMs = 0;
      network.release();
      return listen();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function keepWhileOpen(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
