// A chat application: answers are streamed, a stop button ends them, and another model answers while the first is down.
import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { Chat } from './chat/chat.ts';
import { createModel } from './chat/create-model.ts';
import { serverOr } from './provider/stand-in.ts';

const env = process.env;
await using large = await serverOr(env.OPENAI_BASE_URL, '/v1', { reply: 'The large model has this to say.' });
await using small = await serverOr(env.OTHER_BASE_URL, '/v1', { reply: 'The small model is brief.' });
const served = [
  { name: 'large', baseUrl: large.baseUrl },
  { name: 'small', baseUrl: small.baseUrl },
];
const { model, breakers } = createModel(served, () => console.log('  (the large model does not answer)'));
const chat = new Chat(model);

/** What the page does when a question is sent. */
async function ask(question: string, stopAfter = Number.POSITIVE_INFINITY) {
  console.log(`you: ${question}`);
  let shown = '';
  const end = await chat.ask(question, (text) => {
    shown += text;
    if (shown.split(' ').length >= stopAfter) chat.stop();
  });
  console.log(shown === '' ? '  nothing' : `  ${shown}`);
  if (end === 'stopped') console.log('  (stopped by you)');
  else if (end !== 'whole') console.log(`  (${apologyFor(end.error)})`);
}

/** What the user is told where no model answers. */
function apologyFor(error: unknown): string {
  if (!CircuitBreakerOpenError.isInstance(error)) return 'something went wrong, please ask again';
  return `not available for ${Math.ceil((error.retryAfterMs ?? 0) / 1_000)} seconds`;
}

await ask('What is a circuit breaker?');
large.setFault({ kind: 'stall', afterChunks: 3 });
await ask('Tell me everything about it.', 3);
console.log(`a stopped answer is no failure: ${breakers[0]?.metrics().failures} failures`);

large.setFault({ kind: 'status', status: 503 });
await ask('And in one word?');
await ask('In another one?');
console.log(`the circuit of the large model is ${breakers[0]?.state}`);
await ask('And without waiting for it?');
console.log(`the large model was asked ${large.requestCount} times in 5 questions`);

small.setFault({ kind: 'status', status: 503 });
for (const question of ['Still there?', 'Hello?', 'Anybody?']) await ask(question);
