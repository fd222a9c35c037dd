import {
  type BreakerMachineOptions,
  BreakerOptionsError,
  callFailed,
  createBreakerMachine,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { startBreaker } from './running-breaker.ts';

const trip = (options: BreakerMachineOptions, error: unknown) => {
  const breaker = startBreaker({}, { machine: createBreakerMachine({ failureThreshold: 1, ...options }) });
  breaker.send(callFailed(error));
  return breaker.leaf;
};

/** The error with which options are refused. */
function refusalOf(options: unknown): BreakerOptionsError {
  try {
    Reflect.apply(createBreakerMachine, undefined, [options]);
  } catch (error) {
    if (error instanceof BreakerOptionsError) return error;
    throw error;
  }
  throw new Error('expected the options to be refused');
}

describe('the options of a machine', () => {
  it('are the defaults of its actors, and input overrides them one by one', () => {
    const machine = createBreakerMachine({
      name: 'model',
      failureThreshold: 3,
      recoveryTimeout: 1000,
      halfOpenTrials: 2,
    });
    const input = { name: 'search', failureThreshold: 7, recoveryTimeout: undefined };
    expect(startBreaker({}, { machine }).context).toMatchObject({
      name: 'model',
      settings: { failureThreshold: 3, recoveryTimeoutMs: 1000, trialTimeoutMs: 1000, halfOpenTrials: 2 },
    });
    expect(startBreaker(input, { machine }).context).toMatchObject({
      name: 'search',
      settings: { failureThreshold: 7, recoveryTimeoutMs: 1000, trialTimeoutMs: 1000, halfOpenTrials: 2 },
    });
    expect(createActor(machine).start().getSnapshot().context).toMatchObject({ name: 'model' });
  });

  it('leave trialTimeout to follow a recoveryTimeout that input overrides', () => {
    const machine = createBreakerMachine({ recoveryTimeout: 1000 });
    const { settings } = startBreaker({ recoveryTimeout: 50 }, { machine }).context;
    expect(settings).toMatchObject({ recoveryTimeoutMs: 50, trialTimeoutMs: 50 });
  });

  it('S-53 are neither changed nor shared: two actors of one machine are independent', () => {
    const options = Object.freeze({ failureThreshold: 1, excludedErrors: Object.freeze([RangeError]) });
    const machine = createBreakerMachine(options);
    const first = startBreaker({ name: 'first' }, { machine });
    const second = startBreaker({ name: 'second' }, { machine });
    first.send(callFailed(new Error('boom')));
    expect([first.leaf, second.leaf]).toEqual(['open', 'closed']);
    expect([first.context.name, second.context.name]).toEqual(['first', 'second']);
    expect(second.emitted).toEqual([]);
  });

  it('S-53 are read once: what is done to the array of classes later changes nothing', () => {
    const excludedErrors = [RangeError];
    const machine = createBreakerMachine({ failureThreshold: 1, excludedErrors });
    excludedErrors.length = 0;
    const breaker = startBreaker({}, { machine });
    breaker.send(callFailed(new RangeError('excluded')));
    expect(breaker.leaf).toBe('closed');
  });

  it.each([
    ['failureThreshold', 0],
    ['recoveryTimeout', 2 ** 31],
    ['failurePredicate', 'never'],
    ['excludedErrors', RangeError],
    ['excludedErrors', ['RangeError']],
    ['onCallbackError', 1],
    ['failureTreshold', 3],
    ['onOpen', () => {}],
    ['clock', {}],
  ])('are refused by name where they are wrong: %s', (option, value) => {
    const error = refusalOf({ [option]: value });
    expect(error.option).toBe(option);
    expect(error.message).toContain(option);
  });

  it.each([null, 3, 'options', []])('are refused where they are no object: %j', (options) => {
    expect(refusalOf(options).option).toBe('options');
  });

  it('that are wrong in the input of an actor stop it before it starts, with a BreakerOptionsError', () => {
    for (const machine of [createBreakerMachine(), createBreakerMachine({ failureThreshold: 3 })]) {
      const actor = createActor(machine, { input: { failureThreshold: 0 } });
      const errors: unknown[] = [];
      actor.subscribe({ error: (error) => errors.push(error) });
      actor.start();
      expect(actor.getSnapshot().status).toBe('error');
      expect(errors).toEqual([expect.any(BreakerOptionsError)]);
      expect(errors[0]).toMatchObject({ option: 'failureThreshold' });
    }
  });
});

describe('the judgement of a machine', () => {
  const isTypeError = (error: unknown) => error instanceof TypeError;

  it('counts every error where nothing is given, be it undefined', () => {
    for (const error of [new Error('boom'), 'boom', null, undefined]) expect(trip({}, error)).toBe('open');
  });

  it('S-40 asks excludedErrors first, then failurePredicate', () => {
    const asked: unknown[] = [];
    const options: BreakerMachineOptions = {
      excludedErrors: [RangeError],
      failurePredicate: (error) => asked.push(error) > 0 && isTypeError(error),
    };
    const [excluded, counted, other] = [new RangeError('excluded'), new TypeError('counts'), new Error('other')];
    expect([trip(options, excluded), trip(options, counted), trip(options, other)]).toEqual([
      'closed',
      'open',
      'closed',
    ]);
    expect(new Set(asked)).toEqual(new Set([counted, other]));
  });

  it('S-40 judges an undefined error like any other, and counts a failure that carries none', () => {
    expect(trip({ failurePredicate: isTypeError }, undefined)).toBe('closed');
    const breaker = startBreaker(
      {},
      { machine: createBreakerMachine({ failureThreshold: 1, failurePredicate: () => false }) },
    );
    breaker.send({ type: 'call.failed' });
    expect(breaker.leaf).toBe('open');
  });

  it('S-41 counts the error when the predicate throws, tells onCallbackError, and works on', () => {
    const thrown = new Error('a bug in the predicate');
    const reports: unknown[] = [];
    const machine = createBreakerMachine({
      failureThreshold: 2,
      failurePredicate: () => {
        throw thrown;
      },
      onCallbackError: (error, where) => reports.push([error, where]),
    });
    const breaker = startBreaker({}, { machine });
    breaker.send(callFailed(new Error('one')));
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 1]);
    breaker.send(callFailed(new Error('two')));
    expect(breaker.leaf).toBe('open');
    expect(reports).toContainEqual([thrown, 'failurePredicate']);
  });

  it('S-42 matches subclasses, and asks a class with a static isInstance by it', () => {
    class Abort extends RangeError {}
    class Branded {
      readonly name = 'Branded';
      static isInstance(value: unknown) {
        return typeof value === 'object' && value !== null && 'brand' in value;
      }
    }
    expect(trip({ excludedErrors: [RangeError] }, new Abort())).toBe('closed');
    expect(trip({ excludedErrors: [Branded] }, { brand: true })).toBe('closed');
    expect(trip({ excludedErrors: [Branded] }, new Branded())).toBe('open');
    expect(trip({ excludedErrors: [Abort] }, new RangeError('no Abort'))).toBe('open');
  });
});
