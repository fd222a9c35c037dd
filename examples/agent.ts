// An agent as a state machine: its model and its tool are guarded by breakers in its own actor system.
import { attachBreaker, systemClock } from 'agent-circuit-breaker';
import { createActor, waitFor } from 'xstate';
import { createAgentMachine } from './agent/agent-machine.ts';
import { startProvider } from './provider/index.ts';

await using models = await startProvider({ reply: 'A breaker stops calls that would fail.' });
await using tools = await startProvider({ reply: 'Three pages were found.' });

const machine = createAgentMachine({ modelUrl: models.baseUrl, toolUrl: tools.baseUrl });
const agent = createActor(machine, { clock: systemClock }).start();
agent.on('told', ({ text }) => console.log(`  ${text}`));
for (const name of ['model', 'search']) {
  const breaker = agent.system.get(name);
  if (breaker) attachBreaker(breaker, { onStateChange: (from, to) => console.log(`  ${name}: ${from} -> ${to}`) });
}

async function ask(question: string) {
  console.log(question);
  agent.send({ type: 'asked', question });
  await waitFor(agent, (snapshot) => snapshot.matches('idle'));
}

await ask('What is a circuit breaker?');

tools.setFault({ kind: 'status', status: 500 });
for (let count = 0; count < 3; count++) await ask('And without the search?');
console.log(`the search was asked ${tools.requestCount} times in 4 questions`);

models.setFault({ kind: 'status', status: 529 });
for (let count = 0; count < 3; count++) await ask('And without the model?');
console.log(`the model was asked ${models.requestCount} times in 7 questions`);
agent.stop();
