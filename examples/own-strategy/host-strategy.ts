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

/** The host that failed, of each of the last ten calls; null for one that went well. */
const remembered = ({ memory }: BreakerContext): readonly unknown[] => (Array.isArray(memory) ? memory : []);
const remember = (context: BreakerContext, host: string | null) => [...remembered(context), host].slice(-10);
const hostOf = (event: BreakerEvent) =>
  event.type === 'call.failed' && event.error instanceof HostError ? event.error.host : null;

/** Opens after three failures of the same host within ten calls. */
export const hostStrategy = createBreakerMachine({ name: 'search tools' }).provide({
  guards: {
    // Guards only judge: this failure is not remembered yet when they are asked about it.
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
