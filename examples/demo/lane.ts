import type { BreakerState, CircuitBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import type { Provider } from '../provider/index.ts';
import { type Call, type CallEnd, endOf } from './call.ts';
import { scenario } from './scenario.ts';

/** One of the two sides that are compared: callers, a client and a provider of their own. */
export interface Lane {
  readonly provider: Provider;
  /** Every call asked so far, oldest first. */
  readonly calls: readonly Call[];
  /** Asks the next call; resolves with what is known of it when it has ended, however it ends. */
  ask(): Promise<Call>;
}

/** What a lane needs. */
export interface LaneParts {
  readonly provider: Provider;
  /** Milliseconds since the demo began. */
  readonly elapsedMs: () => number;
  /** Ends every call that is under way. */
  readonly stop: AbortSignal;
  /** Left out, calls go to the provider whatever happens. */
  readonly breaker?: CircuitBreaker;
}

const question = {
  model: 'gpt-demo',
  messages: [{ role: 'user', content: 'Say something.' }],
} satisfies OpenAI.ChatCompletionCreateParams;

/** Makes a lane, with a breaker in front of its client or without. */
export function createLane({ provider, elapsedMs, stop, breaker }: LaneParts): Lane {
  const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
  const timeout = scenario.deadlineMs;
  const calls: Call[] = [];

  const send = (): Promise<unknown> =>
    breaker
      ? breaker.run(({ signal }) => client.chat.completions.create(question, { signal }), { signal: stop, timeout })
      : client.chat.completions.create(question, { signal: stop, timeout });

  return {
    provider,
    calls,
    async ask() {
      const index = calls.length;
      const asked = toCall(index, elapsedMs(), breaker?.state ?? null);
      calls.push(asked);
      const end = await send().then((): CallEnd => ({ outcome: 'answered', detail: 'answered' }), endOf);
      const ended: Call = { ...asked, ...end, endedAtMs: Math.round(elapsedMs()) };
      calls[index] = ended;
      return ended;
    },
  };
}

function toCall(index: number, nowMs: number, state: BreakerState | null): Call {
  const caller = (index % scenario.callers) + 1;
  return {
    ...{ number: index + 1, caller, state, askedAtMs: Math.round(nowMs) },
    ...{ endedAtMs: null, outcome: 'pending', detail: 'under way' },
  };
}
