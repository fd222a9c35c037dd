import { CircuitBreakerOpenError, createBreakerMachine, guarded } from 'agent-circuit-breaker';
import { assign, emit, setup } from 'xstate';
import { createAsk } from './create-ask.ts';

/** An agent that searches, asks its model, and says so where one of them does not work. */
export function createAgentMachine({ modelUrl, toolUrl }: { readonly modelUrl: string; readonly toolUrl: string }) {
  return setup({
    types: {
      context: {} as { question: string; notes: string },
      events: {} as { type: 'asked'; question: string },
      emitted: {} as { type: 'told'; text: string },
    },
    actors: {
      breaker: createBreakerMachine({ failureThreshold: 2, recoveryTimeout: 60_000 }),
      callModel: guarded(createAsk(modelUrl), 'model'),
      callTool: guarded(createAsk(toolUrl), 'search'),
    },
    actions: {
      tell: emit((_, text: string) => ({ type: 'told' as const, text })),
      note: assign((_, notes: string) => ({ notes })),
    },
  }).createMachine({
    context: { question: '', notes: '' },
    invoke: [
      { src: 'breaker', systemId: 'model', input: { name: 'model' } },
      { src: 'breaker', systemId: 'search', input: { name: 'search' } },
    ],
    initial: 'idle',
    states: {
      idle: {
        on: { asked: { target: 'callingTool', actions: assign(({ event }) => ({ question: event.question })) } },
      },
      callingTool: {
        invoke: {
          src: 'callTool',
          input: ({ context }) => context.question,
          onDone: { target: 'callingModel', actions: { type: 'note', params: ({ event }) => event.output } },
          onError: { target: 'callingModel', actions: { type: 'note', params: 'The search does not work.' } },
        },
      },
      callingModel: {
        invoke: {
          src: 'callModel',
          input: ({ context }) => `${context.question} ${context.notes}`,
          onDone: { target: 'idle', actions: { type: 'tell', params: ({ event }) => event.output } },
          onError: { target: 'degraded', actions: { type: 'note', params: ({ event }) => whyNot(event.error) } },
        },
      },
      degraded: {
        always: { target: 'idle', actions: { type: 'tell', params: ({ context }) => `I cannot: ${context.notes}` } },
      },
    },
  });
}

function whyNot(error: unknown): string {
  return CircuitBreakerOpenError.isInstance(error) ? `${error.breaker} is not asked while it fails.` : String(error);
}
