import { once } from 'node:events';
import { inspect } from '@xstate/inspect/lib/server.js';
import { parseReceiverEvent } from '@xstate/inspect/lib/utils.js';
import { WebSocketServer } from 'ws';

export async function startXState4Inspector() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const inspector = inspect({ server });
  return {
    url: `ws://127.0.0.1:${server.address().port}`,
    [Symbol.dispose]() {
      inspector.disconnect();
      delete globalThis.__xstate__;
    },
  };
}

export function readMessage(text) {
  const message = parseReceiverEvent(JSON.parse(text));
  return message.machine ? { ...message, state: message.machine.resolveState(message.state) } : message;
}
