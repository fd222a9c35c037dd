// A breaker as a decorator on a method, and as a function around a function.
import { circuitBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider({ fault: { kind: 'status', status: 529, message: 'Overloaded' } });
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });

async function complete(content: string) {
  const answer = await client.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content }] });
  return answer.choices[0]?.message.content ?? '';
}

class Agent {
  readonly role: string;

  constructor(role: string) {
    this.role = role;
  }

  @circuitBreaker({ name: 'agent.plan', failureThreshold: 2 })
  async plan(goal: string) {
    return complete(`You are a ${this.role}. Plan how to ${goal}.`);
  }
}

async function report(who: string, call: Promise<string>) {
  console.log(
    `${who}: ${await call.catch((error: unknown) => (error instanceof Error ? error.constructor.name : error))}`,
  );
}

const cook = new Agent('cook');
const gardener = new Agent('gardener');
await report('cook', cook.plan('bake bread'));
await report('cook', cook.plan('bake bread'));
await report('gardener', gardener.plan('grow beans'));
console.log('the breaker of a method is shared by all instances of its class');

const guardedComplete = circuitBreaker({ name: 'complete', failureThreshold: 1 })(complete);
await report('function', guardedComplete('Say something.'));
console.log(`${guardedComplete.breaker.name} is ${guardedComplete.breaker.state}`);
