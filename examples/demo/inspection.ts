import { once } from 'node:events';
import { createServer } from 'node:net';
import { createWebSocketInspector } from '@statelyai/inspect';
import { createInspectorServer } from '@statelyai/inspect/server';
import type { BreakerOptions } from 'agent-circuit-breaker';

/** The Stately inspector, live on a breaker. */
export interface Inspection extends Disposable {
  /** Where a browser sees it. */
  readonly url: string;
  /** The option of a breaker that shows it there. */
  readonly inspect: NonNullable<BreakerOptions['inspect']>;
}

/**
 * Starts the relay between this process and the inspector's page.
 *
 * @param opensBrowser - Whether to open the page, which needs the internet: the viewer itself is at stately.ai.
 */
export async function startInspection(opensBrowser: boolean): Promise<Inspection> {
  const port = await findFreePort();
  const relay = createInspectorServer({ port, autoOpen: opensBrowser });
  const inspector = createWebSocketInspector({ url: `ws://127.0.0.1:${port}` });
  return {
    url: `http://localhost:${port}`,
    inspect: inspector.inspect,
    [Symbol.dispose]: () => {
      inspector.stop();
      relay.stop();
    },
  };
}

/** The relay cannot look for one itself, and says nothing useful where its port is taken. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
