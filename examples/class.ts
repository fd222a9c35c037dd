// A breaker inside a class of one's own.
import { CircuitBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

class Assistant {
  readonly #client: OpenAI;
  readonly #breaker = new CircuitBreaker({ name: 'assistant', failureThreshold: 2 });

  constructor(baseURL: string) {
    this.#client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
  }

  get isAvailable() {
    return this.#breaker.state === 'closed';
  }

  ask(prompt: string) {
    return this.#breaker.call(async () => {
      const { choices } = await this.#client.chat.completions.create({
        model: 'gpt',
        messages: [{ role: 'user', content: prompt }],
      });
      return choices[0]?.message.content ?? '';
    });
  }
}

await using provider = await startProvider({ script: ['ok'], fault: { kind: 'connectionReset' }, reply: 'At work.' });
const assistant = new Assistant(`${provider.baseUrl}/v1`);
const other = new Assistant(`${provider.baseUrl}/v1`);

console.log(`answer: ${await assistant.ask('How are you?')}`);
for (let count = 0; count < 3; count++) {
  await assistant.ask('And now?').catch((error: unknown) => {
    console.log(`${error instanceof Error ? error.constructor.name : error}; available: ${assistant.isAvailable}`);
  });
}
console.log(`another assistant has a breaker of its own; available: ${other.isAvailable}`);
