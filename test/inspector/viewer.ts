import { once } from 'node:events';
import { WebSocket } from 'ws';

/** One message of the inspector to its viewer, as far as the tests look at it. */
export interface InspectorMessage {
  readonly type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot';
  readonly sessionId: string;
  readonly rootId: string;
  readonly name?: string;
  readonly definition?: string;
  readonly event?: { readonly type: string };
  readonly snapshot?: { readonly value?: unknown };
}

/** Somebody in the place of the inspector's page: writes down what it is sent. */
export interface Viewer extends Disposable {
  readonly messages: readonly InspectorMessage[];
  /** Everything that was sent, as text. */
  readonly text: string;
  /** Waits until a message satisfies a condition. */
  until(isWanted: (message: InspectorMessage) => boolean): Promise<void>;
}

/** Connects to a relay; tries again while it does not listen yet. */
export async function connectViewer(url: string): Promise<Viewer> {
  const socket = await connect(url);
  const texts: string[] = [];
  const messages: InspectorMessage[] = [];
  socket.on('message', (data) => {
    texts.push(String(data));
    messages.push(JSON.parse(String(data)));
  });
  return {
    messages,
    get text() {
      return texts.join('\n');
    },
    async until(isWanted) {
      while (!messages.some(isWanted)) await once(socket, 'message');
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

async function connect(url: string): Promise<WebSocket> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = new WebSocket(url);
    try {
      await once(socket, 'open');
      return socket;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`nobody listens at ${url}`);
}
