import { type Fleet, type RedisFleetOptions, redisFleet } from 'agent-circuit-breaker/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { type ClientLibrary, type Column, clientLibraries } from './column.ts';

/** A fleet with a client of its own: one node. */
export interface FleetNode {
  readonly fleet: Fleet;
  /** Ends the client's connection; that of the fleet ends with its last breaker. */
  close(): void;
}

/** Connects a node to a server. */
export async function connectNode(
  library: ClientLibrary,
  url: string,
  options: Omit<RedisFleetOptions, 'client'>,
): Promise<FleetNode> {
  if (library === 'node-redis 6') {
    const client = createClient({ url });
    client.on('error', console.error);
    await client.connect();
    return { fleet: redisFleet({ ...options, client }), close: () => client.destroy() };
  }
  const client = new Redis(url, { lazyConnect: true });
  client.on('error', console.error);
  await client.connect();
  return { fleet: redisFleet({ ...options, client }), close: () => client.disconnect() };
}

/** Does something with a node of each library, one after the other, and with none first. */
export async function forEachColumn(
  url: string,
  measure: (column: Column, fleet: Fleet | undefined) => Promise<void>,
): Promise<void> {
  await measure('no fleet', undefined);
  for (const library of clientLibraries) {
    const { fleet, close } = await connectNode(library, url, { prefix: `${library}:` });
    await measure(library, fleet);
    close();
  }
}
