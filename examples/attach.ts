// A facade over a breaker actor that somebody else runs: calls instead of events.
import { attachBreaker, createBreakerMachine } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { createActor, setup } from 'xstate';
import { startProvider } from './provider/index.ts';

const machine = setup({ actors: { breaker: createBreakerMachine({ name: 'model', failureThreshold: 2 }) } });
const parent = createActor(machine.createMachine({ invoke: { id: 'model', src: 'breaker' } })).start();
const actor = parent.getSnapshot().children.model;
if (actor === undefined) throw new Error('the parent has invoked no breaker');

await using provider = await startProvider({ script: ['ok'], fault: { kind: 'status', status: 500 }, reply: 'Hello.' });
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });

const breaker = attachBreaker(actor, { onOpen: ({ name }) => console.log(`${name} has opened`) });
const ask = breaker.wrap(async () => {
  const answer = await client.chat.completions.create({ model: 'gpt', messages: [] });
  return answer.choices[0]?.message.content;
});

console.log(`answer: ${await ask()}`);
await ask().catch(() => {});
await ask().catch(() => {});
console.log(`the facade says ${breaker.state}, the actor says ${JSON.stringify(actor.getSnapshot().value)}`);

actor.send({ type: 'breaker.reset' });
console.log(`after an event to the actor the facade says ${breaker.state}`);

parent.stop();
console.log(`when the parent has stopped, the facade says ${breaker.state}`);
