// A strategy of your own: three failures within ten calls open the circuit, if all of them hit the same host.
import { attachBreaker, createBreakerMachine, systemClock } from 'agent-circuit-breaker';
import type { BreakerContext, BreakerEvent } from 'agent-circuit-breaker/machines';
import { assign, createActor } from 'xstate';
import { startProvider } from './provider/index.ts';

/** What a tool throws when a host fails it. */
class HostError extends Error {
  readonly host: string;
  constructor(host: string, status: number) {
    super(`${host} has answered ${status}`);
    this.host = host;
  }
}

/** The host that failed, of each of the last ten calls; null for one that went well. */
const remembered = ({ memory }: BreakerContext): readonly unknown[] => (Array.isArray(memory) ? memory : []);
const remember = (context: BreakerContext, host: string | null) => [...remembered(context), host].slice(-10);
const hostOf = (event: BreakerEvent) =>
  event.type === 'call.failed' && event.error instanceof HostError ? event.error.host : null;

const machine = createBreakerMachine({ name: 'search tools' }).provide({
  guards: {
    // Guards only judge: this failure is not remembered yet when they are asked about it.
    thresholdReached: ({ context, event }) => {
      const host = hostOf(event);
      return host !== null && remember(context, host).filter((other) => other === host).length >= 3;
    },
  },
  actions: {
    recordSuccess: assign(({ context }) => ({ memory: remember(context, null) })),
    recordFailure: assign(({ context, event }) => ({ memory: remember(context, hostOf(event)) })),
  },
});
const breaker = attachBreaker(createActor(machine, { clock: systemClock }).start());

await using books = await startProvider({ fault: { kind: 'status', status: 503 } });
await using maps = await startProvider({
  script: [
    { kind: 'status', status: 503 },
    { kind: 'status', status: 500 },
  ],
});

const search = breaker.wrap(async (host: string, baseUrl: string) => {
  const body = JSON.stringify({ model: 'any', messages: [] });
  const response = await fetch(`${baseUrl}/v1/chat/completions`, { method: 'POST', body });
  await response.body?.cancel();
  if (!response.ok) throw new HostError(host, response.status);
  return `${host} has answered`;
});

for (const host of ['books', 'maps', 'maps', 'books', 'maps', 'books', 'maps']) {
  const { baseUrl } = host === 'books' ? books : maps;
  const end = await search(host, baseUrl).catch((error: unknown) => String(error));
  console.log(`${end}; the circuit is ${breaker.state}`);
}
