// Agents as state machines: all of them share the breakers of their actor system, which tell their parent of an outage.
import { systemClock } from 'agent-circuit-breaker';
import { createActor, toPromise, waitFor } from 'xstate';
import { createDeskMachine } from './agent/desk-machine.ts';
import { startProvider } from './provider/index.ts';

await using models = await startProvider({ reply: 'A breaker stops calls that would fail.' });
await using pages = await startProvider({ reply: 'Three pages were found.' });

const machine = createDeskMachine({ modelUrl: models.baseUrl, searchUrl: pages.baseUrl });
const desk = createActor(machine, { clock: systemClock }).start();
let count = 0;

async function ask(question: string) {
  const id = `agent ${++count}`;
  desk.send({ type: 'asked', id, question });
  const agent = desk.getSnapshot().children[id];
  return agent ? toPromise(agent) : undefined;
}
const knowsOf = (name: string) => waitFor(desk, ({ context }) => context.out.includes(name));

console.log(await ask('Search: what is a circuit breaker?'));

pages.setFault({ kind: 'status', status: 500 });
for (const answer of await Promise.all([ask('Search: and a fuse?'), ask('Search: and a relay?')])) console.log(answer);
await knowsOf('search');
console.log(await ask('Search: and without the search?'));
console.log(`the search is out of order; it was asked ${pages.requestCount} times in 4 questions`);

models.setFault({ kind: 'status', status: 529 });
for (let call = 0; call < 3; call++) console.log(await ask('And without the model?'));
await knowsOf('model');
console.log(`the model is out of order; it was asked ${models.requestCount} times in 7 questions`);
desk.stop();
