import type { RedisClient } from 'agent-circuit-breaker/redis';

/** What a fleet does with its client. */
export interface ClientWatch {
  /** What was asked, by the names of the orders, oldest first: what has been answered, and what has come to nothing. */
  readonly answered: readonly string[];
  readonly failed: readonly string[];
  /** What the listening connections have received, oldest first. */
  readonly received: readonly string[];
  /** Whether every listening connection that was made has been closed. */
  readonly isSilent: boolean;
}

/** Watches a client, which is to be given to a fleet after that. */
export function watchClient(client: RedisClient): ClientWatch {
  const answered: string[] = [];
  const failed: string[] = [];
  const received: string[] = [];
  const listeners: (() => boolean)[] = [];
  const note = <T>(reply: Promise<T>, request: string | undefined): Promise<T> => {
    const op = opOf(request);
    reply.then(
      () => answered.push(op),
      () => failed.push(op),
    );
    return reply;
  };

  if ('evalsha' in client) {
    const { evalsha, duplicate } = client;
    Object.assign(client, {
      evalsha: (...args: Parameters<typeof evalsha>) => note(evalsha.apply(client, args), args.map(String).at(-1)),
      duplicate: () => {
        const listener = duplicate.call(client);
        listener.on('message', (_channel, message) => received.push(message));
        listeners.push(() => listener.status === 'end');
        return listener;
      },
    });
  } else {
    const { evalSha, duplicate } = client;
    Object.assign(client, {
      evalSha: (...args: Parameters<typeof evalSha>) => note(evalSha.apply(client, args), args[1].arguments.at(-1)),
      duplicate: () => {
        const listener = duplicate.call(client);
        const { subscribe } = listener;
        listeners.push(() => Reflect.get(listener, 'isOpen') === false);
        return Object.assign(listener, {
          subscribe: (channel: string, hear: (message: string) => void) =>
            subscribe.call(listener, channel, (message) => {
              hear(message);
              received.push(message);
            }),
        });
      },
    });
  }
  return {
    answered,
    failed,
    received,
    get isSilent() {
      return listeners.every((isClosed) => isClosed());
    },
  };
}

function opOf(request: string | undefined): string {
  const parsed: unknown = JSON.parse(request ?? 'null');
  return typeof parsed === 'object' && parsed !== null && 'op' in parsed ? String(parsed.op) : '';
}
