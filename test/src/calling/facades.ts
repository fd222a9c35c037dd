import {
  type AttachOptions,
  attachBreaker,
  type BreakerClock,
  type BreakerInput,
  type CircuitBreaker,
  createBreaker,
  createBreakerMachine,
} from 'agent-circuit-breaker';
import { createActor } from 'xstate';

/** What a breaker of these tests may be given. */
export interface FacadeOptions extends BreakerInput, AttachOptions {
  readonly clock: BreakerClock;
}

/** One of the ways in which a breaker can come to be; all of them have to behave alike. */
export interface Facade {
  readonly name: string;
  readonly create: (options: FacadeOptions) => CircuitBreaker;
}

/** Breakers that hold outcomes back, that are watched, and that somebody else's actor decides for. */
export const facades: readonly Facade[] = [
  { name: 'a breaker by itself', create: createBreaker },
  {
    name: 'a breaker whose actor is watched',
    create: (options) => {
      const breaker = createBreaker(options);
      breaker.actor.subscribe(() => {});
      return breaker;
    },
  },
  { name: 'a breaker attached to an actor', create: attachToNewActor },
];

function attachToNewActor({ clock, ...options }: FacadeOptions): CircuitBreaker {
  const { onStateChange, onOpen, onClose, onHalfOpen, onSuccess, onFailure, onReject, onCallbackError } = options;
  const { fallback, timeout } = options;
  const { name, failureThreshold, recoveryTimeout, failureWindow } = options;
  const { halfOpenTrials, successThreshold, trialTimeout } = options;
  const { failureRateThreshold, minimumCalls, windowSize, slowCallThreshold } = options;
  const { recoveryBackoff, recoveryRamp } = options;
  const input = {
    ...{ name, failureThreshold, recoveryTimeout, failureWindow, halfOpenTrials, successThreshold, trialTimeout },
    ...{ failureRateThreshold, minimumCalls, windowSize, slowCallThreshold, recoveryBackoff, recoveryRamp },
  };
  const actor = createActor(createBreakerMachine(), { clock, input });
  actor.start();
  return attachBreaker(actor, {
    ...{ clock, fallback, timeout, onStateChange, onOpen, onClose, onHalfOpen, onSuccess, onFailure, onReject },
    onCallbackError,
  });
}
