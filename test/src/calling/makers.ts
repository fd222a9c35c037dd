import { CircuitBreaker, circuitBreaker, createBreaker, createBreakerMachine } from 'agent-circuit-breaker';
import { circuitBreakerMachine, resolveSettings } from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';

/** Makes something of options that its types forbid. */
export type Maker = (options: unknown) => unknown;

/** What makes breakers. */
export const facadeMakers: readonly [string, Maker][] = [
  ['createBreaker', (options) => Reflect.apply(createBreaker, undefined, [options])],
  ['new CircuitBreaker', (options) => Reflect.construct(CircuitBreaker, [options])],
  ['circuitBreaker', (options) => Reflect.apply(circuitBreaker, undefined, [options])],
];

/** What is made of the options that are data, without a facade. */
export const machineMakers: readonly [string, Maker][] = [
  ['createBreakerMachine', (options) => Reflect.apply(createBreakerMachine, undefined, [options])],
  ['resolveSettings', (options) => Reflect.apply(resolveSettings, undefined, [options])],
  ['an actor of the machine', (input) => startActor(circuitBreakerMachine, input)],
  ['an actor of a machine with options', (input) => startActor(createBreakerMachine({ halfOpenTrials: 2 }), input)],
];

/** Everything that takes the options that are data. */
export const makers: readonly [string, Maker][] = [...facadeMakers, ...machineMakers];

/** Creates an actor with input that its types forbid; throws the error that XState keeps of it. */
export function startActor(machine: typeof circuitBreakerMachine, input: unknown): unknown {
  const snapshot = Reflect.apply(createActor, undefined, [machine, { input }]).getSnapshot();
  if (snapshot.status === 'error') throw snapshot.error;
  return snapshot;
}

/** What is thrown when something is made of these options. */
export function errorOf(make: Maker, options: unknown): unknown {
  try {
    make(options);
  } catch (error) {
    return error;
  }
  throw new Error('expected the options to be refused');
}
