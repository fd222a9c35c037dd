import { CircuitBreakerOpenError, guarded } from 'agent-circuit-breaker';
import { assign, setup } from 'xstate';
import { createAsk } from './create-ask.ts';

/** Where the model and the search are. */
export interface Endpoints {
  readonly modelUrl: string;
  readonly searchUrl: string;
}

/**
 * An agent with one question: it plans, searches if it has to, asks its model, and says so where one of them does not
 * work. The breakers `model` and `search` are those of its actor system, which it shares with every other agent there.
 */
export function createAgentMachine({ modelUrl, searchUrl }: Endpoints) {
  return setup({
    types: {
      context: {} as { question: string; notes: string; answer: string },
      input: {} as { question: string },
      output: {} as string,
    },
    actors: { callModel: guarded(createAsk(modelUrl), 'model'), callTool: guarded(createAsk(searchUrl), 'search') },
    guards: { needsSearch: ({ context }) => context.question.startsWith('Search') },
    actions: {
      note: assign((_, notes: string) => ({ notes })),
      answer: assign((_, answer: string) => ({ answer })),
      apologise: assign({ answer: ({ context }) => `I cannot: ${context.notes}` }),
    },
  }).createMachine({
    context: ({ input }) => ({ question: input.question, notes: '', answer: '' }),
    initial: 'planning',
    states: {
      planning: { always: [{ guard: 'needsSearch', target: 'callingTool' }, { target: 'callingModel' }] },
      callingTool: {
        invoke: {
          src: 'callTool',
          input: ({ context }) => context.question,
          onDone: { target: 'callingModel', actions: { type: 'note', params: ({ event }) => event.output } },
          onError: { target: 'callingModel', actions: { type: 'note', params: ({ event }) => whyNot(event.error) } },
        },
      },
      callingModel: {
        invoke: {
          src: 'callModel',
          input: ({ context }) => `${context.question} ${context.notes}`,
          onDone: { target: 'finished', actions: { type: 'answer', params: ({ event }) => event.output } },
          onError: { target: 'degraded', actions: { type: 'note', params: ({ event }) => whyNot(event.error) } },
        },
      },
      degraded: { always: { target: 'finished', actions: 'apologise' } },
      finished: { type: 'final' },
    },
    output: ({ context }) => context.answer,
  });
}

function whyNot(error: unknown): string {
  return CircuitBreakerOpenError.isInstance(error) ? `${error.breaker} is not asked while it fails.` : String(error);
}
