import { attachBreaker, createBreaker, createBreakerMachine } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';

const actor = createActor(circuitBreakerMachine).start();

/** Calls something with options that its types forbid. */
const makers = {
  createBreaker: (options: unknown) => Reflect.apply(createBreaker, undefined, [options]),
  createBreakerMachine: (options: unknown) => Reflect.apply(createBreakerMachine, undefined, [options]),
  attachBreaker: (options: unknown) => Reflect.apply(attachBreaker, undefined, [actor, options]),
} as const;

const makerNames = ['createBreaker', 'createBreakerMachine', 'attachBreaker'] as const;

/** The refusal of an option, as text. */
function refusalOf(maker: keyof typeof makers, option: string, value: unknown = 5): string {
  try {
    makers[maker](Object.fromEntries([[option, value]]));
  } catch (error) {
    expect(error).toMatchObject({ name: 'BreakerOptionsError', code: 'ERR_BREAKER_OPTIONS', option });
    return String(error);
  }
  throw new Error(`expected ${maker} to refuse ${option}`);
}

describe('an option that does not exist', () => {
  it.each([
    ['failureTreshold', 'failureThreshold'],
    ['failureThresholds', 'failureThreshold'],
    ['failurethreshold', 'failureThreshold'],
    ['FailureThreshold', 'failureThreshold'],
    ['failure_threshold', 'failureThreshold'],
    ['FAILURE_THRESHOLD', 'failureThreshold'],
    ['recovery_timeout', 'recoveryTimeout'],
    ['recoveryTimeOut', 'recoveryTimeout'],
    ['recoveryTimout', 'recoveryTimeout'],
    ['failure_window', 'failureWindow'],
    ['half_open_trials', 'halfOpenTrials'],
    ['halfOpenTrial', 'halfOpenTrials'],
    ['success_threshold', 'successThreshold'],
    ['trial_timeout', 'trialTimeout'],
    ['failure_predicate', 'failurePredicate'],
    ['excluded_errors', 'excludedErrors'],
    ['excludedError', 'excludedErrors'],
    ['on_open', 'onOpen'],
    ['onopen', 'onOpen'],
    ['onHalfopen', 'onHalfOpen'],
    ['on_state_change', 'onStateChange'],
    ['fallBack', 'fallback'],
    ['Timeout', 'timeout'],
    ['failure_rate_threshold', 'failureRateThreshold'],
    ['minimumCall', 'minimumCalls'],
    ['window_size', 'windowSize'],
    ['slowCallTreshold', 'slowCallThreshold'],
    ['recovery_backoff', 'recoveryBackoff'],
    ['recoveryRam', 'recoveryRamp'],
    ['snapShot', 'snapshot'],
    ['Name', 'name'],
  ])('is refused with a hint: %s is meant to be %s', (option, meant) => {
    expect(refusalOf('createBreaker', option)).toBe(
      `BreakerOptionsError: "${option}" is not an option here. Did you mean ${meant}?`,
    );
  });

  it.each([
    ['resetTimeout', 'recoveryTimeout'],
    ['reset_timeout', 'recoveryTimeout'],
    ['errorThresholdPercentage', 'failureRateThreshold', ' It is a ratio: 50 % is 0.5.'],
    ['volumeThreshold', 'minimumCalls'],
    ['rollingCountTimeout', 'failureWindow'],
    ['errorFilter', 'failurePredicate', ' It is true for an error that counts.'],
    ['halfOpenAfter', 'recoveryTimeout'],
    ['breaker', 'failureThreshold', ' Or failureRateThreshold, with failureWindow or windowSize.'],
    ['minimumNumberOfCalls', 'minimumCalls'],
    ['slidingWindowSize', 'windowSize'],
    ['maxFailures', 'failureThreshold'],
    ['fail_max', 'failureThreshold'],
  ])('is refused with a hint where other breakers call it so: %s is our %s', (option, meant, difference = '') => {
    expect(refusalOf('createBreaker', option)).toBe(
      `BreakerOptionsError: "${option}" is not an option here. Did you mean ${meant}?${difference}`,
    );
  });

  it('is refused without a hint at an option that is none where it was given', () => {
    expect(refusalOf('attachBreaker', 'resetTimeout')).toContain('Known options are: clock,');
  });

  it.each(['percentile', 'cache', 'x', ''])('is refused with a list of those that do: %s', (option) => {
    const refusal = refusalOf('createBreaker', option);
    expect(refusal).not.toContain('Did you mean');
    for (const known of ['failureThreshold', 'recoveryTimeout', 'fallback', 'clock', 'onOpen'])
      expect(refusal).toContain(known);
  });

  it.each(makerNames)('is refused by %s although every object inherits something of that name', (maker) => {
    for (const option of ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'])
      expect(refusalOf(maker, option)).toContain('is not an option here');
  });

  it.each(makerNames)('is refused by %s, also with a near miss of one that belongs there', (maker) => {
    expect(refusalOf(maker, 'onCallbackErorr')).toContain('is not an option here');
    expect(refusalOf(maker, 'on_callback_error')).toContain('Did you mean onCallbackError?');
  });

  it.each(makerNames)('is passed over by %s where its value is undefined', (maker) => {
    expect(() => makers[maker]({ somethingElse: undefined })).not.toThrow();
  });
});

describe.each(makerNames)('an option that belongs elsewhere, given to %s', (maker) => {
  const misplaced = {
    createBreaker: [],
    createBreakerMachine: [
      ...['fallback', 'timeout', 'failureResult', 'clock', 'inspect', 'snapshot'],
      ...['onStateChange', 'onOpen', 'onClose', 'onHalfOpen', 'onSuccess', 'onFailure', 'onReject'],
    ],
    attachBreaker: [
      ...['name', 'failureThreshold', 'recoveryTimeout', 'failureWindow', 'halfOpenTrials', 'successThreshold'],
      ...['trialTimeout', 'failurePredicate', 'excludedErrors', 'failureResult', 'inspect', 'snapshot'],
      ...['failureRateThreshold', 'minimumCalls', 'windowSize', 'slowCallThreshold', 'recoveryBackoff', 'recoveryRamp'],
    ],
  } as const;

  it('is refused with the reason why', () => {
    for (const option of misplaced[maker]) {
      const refusal = refusalOf(maker, option);
      expect(refusal).toMatch(new RegExp(`^BreakerOptionsError: ${option} (is an option of|is no option of) .+\\.$`));
      expect(refusal).not.toContain('is not an option here');
    }
  });

  it('is known to createBreaker', () => {
    for (const option of misplaced[maker]) expect(() => makers.createBreaker({ [option]: undefined })).not.toThrow();
    for (const option of misplaced[maker])
      expect(refusalOf('createBreaker', option, Symbol('wrong'))).toMatch(new RegExp(`: ${option} must `));
  });
});

it('refuses a snapshot of options that attachBreaker cannot apply before it touches the actor', () => {
  expect(() => Reflect.apply(attachBreaker, undefined, [undefined, { failureThreshold: 3 }])).toThrow(
    expect.objectContaining({ name: 'BreakerOptionsError', option: 'failureThreshold' }),
  );
});
