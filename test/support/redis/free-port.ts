import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Finds a port of 127.0.0.1 that nobody listens on.
 *
 * It lies below those the system gives to outgoing connections: a client that keeps connecting to one of these while
 * its server is away is one day given the same port for its own end, and talks to itself.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('There is no free port from 10000 to 31999: see who listens there, by ss -ltnp.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
