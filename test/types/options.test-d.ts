import {
  type AttachOptions,
  attachBreaker,
  type BreakerActorRef,
  type BreakerInput,
  type BreakerMachineOptions,
  type BreakerOptions,
  type BreakerSnapshot,
  CircuitBreaker,
  CircuitBreakerOpenError,
  circuitBreaker,
  createBreaker,
  createBreakerMachine,
  systemClock,
} from 'agent-circuit-breaker';
import {
  type Fleet,
  type FleetInput,
  fleetImplementations,
  loneFleet,
  type NodeEvent,
} from 'agent-circuit-breaker/machines';
import { describe, expectTypeOf, it } from 'vitest';
import { fromCallback, fromPromise, type NonReducibleUnknown, SimulatedClock } from 'xstate';

declare const actor: BreakerActorRef;

/** Every option with a value that is right. */
const everyOption = {
  name: 'model',
  failureThreshold: 3,
  recoveryTimeout: 30_000,
  failureWindow: 60_000,
  failureRateThreshold: 0.5,
  minimumCalls: 20,
  windowSize: undefined,
  slowCallThreshold: 20_000,
  recoveryBackoff: { factor: 2, maxRecoveryTimeout: 600_000, jitter: 0.2 },
  recoveryRamp: { steps: 4, stepDuration: 15_000 },
  snapshot: undefined,
  halfOpenTrials: 2,
  successThreshold: 2,
  trialFailureThreshold: 2,
  trialTimeout: 10_000,
  failurePredicate: (error: unknown) => error instanceof Error,
  excludedErrors: [TypeError, CircuitBreakerOpenError],
  classifyError: () => ({ counts: true, openFor: 30_000, opensAtOnce: true, kind: 'overloaded' }),
  failureResult: (result: unknown) => result === null,
  fallback: () => 'cached',
  timeout: 5_000,
  clock: systemClock,
  inspect: () => {},
  onStateChange: () => {},
  onOpen: () => {},
  onClose: () => {},
  onHalfOpen: () => {},
  onIsolate: () => {},
  onSuccess: () => {},
  onFailure: () => {},
  onReject: () => {},
  onSettle: () => {},
  onCallbackError: () => {},
  fleet: fleetImplementations(loneFleet),
} as const satisfies Record<keyof BreakerOptions, unknown>;

type IsReadonly<T, K extends keyof T> =
  (<X>() => X extends { [P in K]: T[K] } ? 1 : 2) extends <X>() => X extends { readonly [P in K]: T[K] } ? 1 : 2
    ? true
    : false;

describe('the options', () => {
  it('are all optional, and may all be undefined', () => {
    expectTypeOf<Record<string, never>>().toExtend<BreakerOptions>();
    expectTypeOf<{ [K in keyof BreakerOptions]: undefined }>().toExtend<BreakerOptions>();
    expectTypeOf<{ [K in keyof AttachOptions]: undefined }>().toExtend<AttachOptions>();
    createBreaker();
    createBreaker({});
    new CircuitBreaker();
    circuitBreaker();
    createBreakerMachine();
    attachBreaker(actor);
  });

  it('are taken by everything that makes a breaker', () => {
    expectTypeOf(createBreaker(everyOption)).toEqualTypeOf<CircuitBreaker>();
    expectTypeOf(new CircuitBreaker(everyOption)).toEqualTypeOf<CircuitBreaker>();
    circuitBreaker(everyOption);
    circuitBreaker(Object.freeze(everyOption));
  });

  it('are split between machine and facade', () => {
    type Shared = 'onCallbackError';
    expectTypeOf<keyof BreakerInput>().toEqualTypeOf<
      | 'name'
      | 'failureThreshold'
      | 'recoveryTimeout'
      | 'failureWindow'
      | 'failureRateThreshold'
      | 'minimumCalls'
      | 'windowSize'
      | 'slowCallThreshold'
      | 'recoveryBackoff'
      | 'trialFailureThreshold'
      | 'recoveryRamp'
      | 'halfOpenTrials'
      | 'successThreshold'
      | 'trialTimeout'
      | 'notifyParent'
    >();
    expectTypeOf<keyof BreakerMachineOptions & keyof AttachOptions>().toEqualTypeOf<Shared>();
    expectTypeOf<keyof BreakerOptions>().toEqualTypeOf<
      | Exclude<keyof BreakerMachineOptions, 'notifyParent'>
      | keyof AttachOptions
      | 'failureResult'
      | 'inspect'
      | 'snapshot'
    >();
    // @ts-expect-error Judgement belongs to the machine.
    attachBreaker(actor, { failureThreshold: 3 });
    // @ts-expect-error A machine has no calls to fall back from.
    createBreakerMachine({ fallback: () => 1 });
  });

  it('are read-only', () => {
    expectTypeOf<IsReadonly<BreakerOptions, 'name'>>().toEqualTypeOf<true>();
    expectTypeOf<IsReadonly<BreakerOptions, 'onOpen'>>().toEqualTypeOf<true>();
    expectTypeOf<IsReadonly<{ name: string }, 'name'>>().toEqualTypeOf<false>();
  });

  it('that are wrong do not compile', () => {
    // @ts-expect-error A count is a number.
    createBreaker({ failureThreshold: '5' });
    // @ts-expect-error A duration is a number of milliseconds.
    createBreaker({ recoveryTimeout: '30s' });
    // @ts-expect-error A duration is never null.
    createBreaker({ failureWindow: null });
    // @ts-expect-error A misspelt option.
    createBreaker({ failureTreshold: 5 });
    // @ts-expect-error An option of another library.
    createBreaker({ resetTimeout: 5 });
    // @ts-expect-error A predicate answers with a boolean.
    createBreaker({ failurePredicate: () => 'yes' });
    // @ts-expect-error The type of an error cannot be presumed.
    createBreaker({ failurePredicate: (error: TypeError) => error.message === '' });
    // @ts-expect-error Classes, not their names.
    createBreaker({ excludedErrors: ['TypeError'] });
    // @ts-expect-error Classes, not instances.
    createBreaker({ excludedErrors: [new TypeError()] });
    // @ts-expect-error A rate is a number.
    createBreaker({ failureRateThreshold: '50%', windowSize: 10 });
    // @ts-expect-error A backoff has no such property.
    createBreaker({ recoveryBackoff: { multiplier: 2 } });
    // @ts-expect-error A backoff tells milliseconds.
    createBreaker({ recoveryBackoff: () => '5s' });
    // @ts-expect-error A backoff tells them at once.
    createBreaker({ recoveryBackoff: async () => 5000 });
    // @ts-expect-error A ramp needs both of its properties.
    createBreaker({ recoveryRamp: { steps: 3 } });
    // @ts-expect-error A snapshot is what toJSON() has returned, parsed.
    createBreaker({ snapshot: '{}' });
    // @ts-expect-error A clock tells the time.
    createBreaker({ clock: { setTimeout, clearTimeout } });
    // @ts-expect-error A fleet is the logic of an actor that hears and tells, not one that ends.
    createBreaker({ fleet: fromPromise(async () => 1) });
    // @ts-expect-error A fallback is a function.
    createBreaker({ fallback: 'cached' });
    // @ts-expect-error The options are an object.
    createBreaker('model');
  });
});

describe('what options are given', () => {
  it('is typed in the places where functions are written', () => {
    createBreaker({
      failurePredicate: (error) => {
        expectTypeOf(error).toBeUnknown();
        return true;
      },
      failureResult: (result) => {
        expectTypeOf(result).toBeUnknown();
        return false;
      },
      onCallbackError: (error, where) => {
        expectTypeOf(error).toBeUnknown();
        expectTypeOf(where).toBeString();
      },
      fallback: (rejection, ...args) => {
        expectTypeOf(rejection).toEqualTypeOf<CircuitBreakerOpenError>();
        expectTypeOf(args).toEqualTypeOf<unknown[]>();
        return rejection.retryAfterMs;
      },
    });
  });

  it('takes logic that hears what a breaker tells its fleet', () => {
    const logic = fromCallback<NodeEvent, FleetInput & NonReducibleUnknown>(({ receive, input }) => {
      expectTypeOf(input.name).toBeString();
      receive((event) => expectTypeOf(event).toEqualTypeOf<NodeEvent>());
    });
    createBreaker({ fleet: fleetImplementations(logic) });
    createBreakerMachine({ fleet: fleetImplementations({ ...logic, sharesFailures: true }) });
    expectTypeOf<NonNullable<BreakerOptions['fleet']>>().toEqualTypeOf<Fleet>();
  });

  it('tells a backoff how often trials have failed', () => {
    createBreaker({
      recoveryBackoff: (reopenings) => {
        expectTypeOf(reopenings).toBeNumber();
        return 1000 * (reopenings + 1);
      },
    });
    // @ts-expect-error The input of an actor is data.
    expectTypeOf<{ recoveryBackoff: () => number }>().toExtend<BreakerInput>();
  });

  it('is what toJSON() has returned, as it is or after a way through JSON', () => {
    const snapshot = createBreaker().toJSON();
    expectTypeOf(snapshot).toEqualTypeOf<BreakerSnapshot>();
    createBreaker({ snapshot });
    createBreaker({ snapshot: JSON.parse(JSON.stringify(snapshot)) });
    // @ts-expect-error A snapshot is to be read.
    snapshot.state = 'closed';
  });

  it('lets a fallback name the arguments that it knows to expect', () => {
    createBreaker({ fallback: (_rejection, prompt: string) => prompt });
    createBreaker({ fallback: async () => 'cached' });
    // @ts-expect-error The rejection comes first.
    createBreaker({ fallback: (prompt: string) => prompt });
  });

  it('includes error classes of every kind, and the clock of XState', () => {
    abstract class ProviderError extends Error {
      abstract readonly kind: string;
    }
    class StatusError extends Error {
      constructor(readonly status: number) {
        super();
      }
      static isInstance(value: unknown): value is StatusError {
        return value instanceof StatusError;
      }
    }
    createBreaker({ excludedErrors: [ProviderError, StatusError, DOMException, Error] });
    createBreaker({ clock: new SimulatedClock() });
  });
});
