import { BreakerOptionsError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';

describe('run', () => {
  const breaker = createBreaker();
  const run = (options: unknown): Promise<unknown> => Reflect.apply(breaker.run, breaker, [fn, options]);
  const fn = vi.fn();

  it.each([
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 0.5, '3', null].map((value) => ({
      option: 'timeout',
      value,
    })),
    ...[null, 0, true, 'fallback', {}, []].map((value) => ({ option: 'fallback', value })),
    ...[null, 0, true, 'signal', {}, { aborted: false }, new AbortController()].map((value) => ({
      ...{ option: 'signal', value },
    })),
    ...['failureThreshold', 'abortSignal', 'recoveryTimeout'].map((option) => ({ option, value: 5 })),
  ])('rejects $value as $option without calling the function', async ({ option, value }) => {
    const error = await reasonOf(run({ [option]: value }));
    expect(error).toBeInstanceOf(BreakerOptionsError);
    expect(error).toMatchObject({ option });
    expect(fn).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ calls: 0, rejected: 0, failures: 0 });
  });

  it.each([null, 5, 'options', []])('rejects %s instead of an object of options', async (options) => {
    expect(await reasonOf(run(options))).toMatchObject({ name: 'BreakerOptionsError', option: 'options' });
    expect(fn).not.toHaveBeenCalled();
  });

  it('takes options that are undefined for left out', async () => {
    fn.mockReturnValueOnce('answer');
    expect(await run({ signal: undefined, timeout: undefined, fallback: undefined })).toBe('answer');
  });
});
