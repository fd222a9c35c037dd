import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { createFaultSchedule } from './fault-schedule.ts';
import type { Provider, ProviderOptions, ReceivedRequest } from './provider.ts';
import { createRequestHandler } from './request-handler.ts';

const defaultReply = 'The quick brown fox jumps over the lazy dog.';

/**
 * Starts an HTTP server on a free port of 127.0.0.1 that speaks OpenAI's chat completions and responses,
 * Anthropic's messages and Google's generateContent, plain and streamed, and fails on cue.
 *
 * @param options script of faults, standing fault and reply, all optional
 * @returns the running provider; `stop()` it, or declare it with `await using`
 * @throws RangeError when a number in a fault is out of range
 *
 * @example
 * ```ts
 * const provider = await startProvider({ script: [{ kind: 'status', status: 503 }, 'ok'] });
 * const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'any' });
 * // the client's retry gets the answer
 * await client.chat.completions.create({ model: 'any', messages: [] });
 * provider.requestCount; // 2
 * await provider.stop();
 * ```
 */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const schedule = createFaultSchedule(options.script ?? [], options.fault);
  const requests: ReceivedRequest[] = [];
  let stopped: Promise<void> | undefined;

  const server = createServer(
    createRequestHandler({
      schedule,
      reply: options.reply ?? defaultReply,
      record: (request) => requests.push(request),
      isStopping: () => stopped !== undefined,
    }),
  );
  const sockets = trackSockets(server);
  const port = await listen(server);
  const stop = () => {
    stopped ??= close(server, sockets);
    return stopped;
  };

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    get requestCount() {
      return requests.length;
    },
    get openConnections() {
      return sockets.size;
    },
    answerWith: (...steps) => schedule.add(steps),
    setFault: (fault) => schedule.setStanding(fault),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('The server listens, but not on a port.'));
    });
  });
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const ends = [...sockets].map((socket) => {
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    return closed;
  });
  await Promise.all([new Promise((resolve) => server.close(resolve)), ...ends]);
}
