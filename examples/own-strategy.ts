// A strategy of your own: three failures within ten calls open the circuit, if all of them hit the same host.
import { attachBreaker, systemClock } from 'agent-circuit-breaker';
import { createActor } from 'xstate';
import { HostError, hostStrategy } from './own-strategy/host-strategy.ts';
import { startProvider } from './provider/index.ts';

const breaker = attachBreaker(createActor(hostStrategy, { clock: systemClock }).start());

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
