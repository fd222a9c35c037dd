import { createBreakerMachine } from 'agent-circuit-breaker';
import type { BreakerContext, BreakerEvent } from 'agent-circuit-breaker/machines';
import { assign } from 'xstate';

/** What a tool throws when a host fails it. */
export class HostError extends Error {
  readonly host: string;
  constructor(host: string, status: number) {
    super(`${host} has answered ${status}`);
    this.host = host;
  }
}

const remembered = ({ memory }: BreakerContext): readonly unknown[] => (Array.isArray(memory) ? memory : []);
const remember = (context: BreakerContext, host: string | null) => [...remembered(context), host].slice(-10);
const hostOf = (event: BreakerEvent) =>
  event.type === 'call.failed' && event.error instanceof HostError ? event.error.host : null;

/** The machine of `examples/own-strategy.ts`, which runs its own calls when it is imported. */
export function createHostStrategy() {
  return createBreakerMachine({ name: 'search tools' }).provide({
    guards: {
      thresholdReached: ({ context, event }) => {
        const host = hostOf(event);
        return host !== null && remember(context, host).filter((other) => other === host).length >= 3;
      },
    },
    actions: {
      recordSuccess: assign(({ context }) => ({ memory: remember(context, null) })),
      recordFailure: assign(({ context, event }) => ({ memory: remember(context, hostOf(event)) })),
    },
  });
}
