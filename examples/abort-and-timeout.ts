// A deadline counts as a failure, a caller who gives up does not.
import { CallTimeoutError, createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider({ fault: { kind: 'noHeaders' } });
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
const breaker = createBreaker({ name: 'model', failureThreshold: 2, timeout: 100 });

function ask(signal?: AbortSignal) {
  return breaker.run(
    // The signal is aborted by the deadline and by the caller's own signal; hand it to the client.
    (run) => client.chat.completions.create({ model: 'gpt', messages: [] }, { signal: run.signal }),
    { signal },
  );
}

function tell(error: unknown) {
  if (CallTimeoutError.isInstance(error)) console.log(`missed its deadline of ${error.timeoutMs} ms`);
  else console.log(`ended with: ${String(error)}`);
}

for (const reason of ['the user closed the chat', 'a faster answer was found', 'the plan has changed']) {
  const controller = new AbortController();
  const call = ask(controller.signal);
  controller.abort(reason);
  await call.catch(tell);
}
const { cancelled, failures } = breaker.metrics();
console.log(`${cancelled} calls given up, ${failures} failures: the circuit is ${breaker.state}`);

await ask().catch(tell);
await ask().catch(tell);
const { timeouts, failures: counted } = breaker.metrics();
console.log(`${timeouts} deadlines missed, ${counted} failures: the circuit is ${breaker.state}`);
