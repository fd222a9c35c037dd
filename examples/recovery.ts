// A gentle recovery: longer waits while trials fail, then a growing share of the calls.
import { createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { SimulatedClock } from 'xstate';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider({ fault: { kind: 'status', status: 529 } });
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
const clock = new SimulatedClock();

const breaker = createBreaker({
  name: 'model',
  failureThreshold: 1,
  recoveryTimeout: 10_000,
  recoveryBackoff: { factor: 3, maxRecoveryTimeout: 60_000 }, // jitter: 0.2 keeps replicas apart
  recoveryRamp: { steps: 4, stepDuration: 5_000 },
  clock,
  onStateChange: (from, to, { at }) => console.log(`${at / 1_000} s: ${from} -> ${to}`),
});
const ask = breaker.wrap(() => client.chat.completions.create({ model: 'gpt', messages: [] }));

await ask().catch(() => {});
for (let trial = 1; trial <= 3; trial++) {
  const { waitMs } = breaker.metrics();
  console.log(`  the next trial is in ${Number(waitMs) / 1_000} s`);
  clock.increment(Number(waitMs));
  if (trial === 3) provider.setFault(undefined);
  await ask().catch(() => {});
}

while (breaker.state === 'halfOpen') {
  const share = Number(breaker.metrics().rampShare);
  const calls = Array.from({ length: 100 }, () => ask());
  const sent = (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled').length;
  const isAbout = Math.abs(sent / 100 - share) < 0.25;
  console.log(`  a share of ${share * 100} % of the calls is let through: ${isAbout ? 'about' : 'not'} so many were`);
  clock.increment(5_000);
}
