import { CircuitBreakerOpenError, createBreaker, type FailoverEvent, failover } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('overloaded');

/** Three models with breakers, some of which are down. */
function createModels(clock = createTestClock()) {
  const make = (name: string, recoveryTimeout: number) => ({
    name,
    breaker: createBreaker({ name, clock, recoveryTimeout, failureThreshold: 2, excludedErrors: [TypeError] }),
  });
  const models = [make('large', 3_000), make('small', 1_000), make('local', 2_000)];
  const asked: string[] = [];
  const broken = new Set<string>();
  const ask = async ({ name }: { readonly name: string }) => {
    asked.push(name);
    if (broken.has(name)) throw down;
    return `answer of ${name}`;
  };
  return { models, clock, asked, broken, ask };
}

describe('failover', () => {
  it('asks the first candidate, and nobody else, as long as it works', async () => {
    const { models, ask, asked } = createModels();
    expect(await failover(models, ask)).toBe('answer of large');
    expect(asked).toEqual(['large']);
  });

  it('takes the next one when the first fails, and counts the failure where it belongs', async () => {
    const { models, ask, asked, broken } = createModels();
    broken.add('large').add('small');
    const switches: FailoverEvent<(typeof models)[number]>[] = [];
    expect(await failover(models, ask, { onSwitch: (event) => switches.push(event) })).toBe('answer of local');
    expect(asked).toEqual(['large', 'small', 'local']);
    expect(models.map(({ breaker }) => breaker.metrics().failures)).toEqual([1, 1, 0]);
    expect(switches.map(({ from, to, error }) => [from.name, to.name, error])).toEqual([
      ['large', 'small', down],
      ['small', 'local', down],
    ]);
  });

  it('S-05 does not ask one whose circuit is open', async () => {
    const { models, ask, asked, broken } = createModels();
    broken.add('large');
    for (let call = 0; call < 4; call++) await failover(models, ask);
    expect(asked).toEqual(['large', 'small', 'large', 'small', 'small', 'small']);
    expect(models[0]?.breaker.metrics()).toMatchObject({ state: 'open', rejected: 2 });
  });

  it('goes back to the first one once it has recovered', async () => {
    const { models, ask, broken, clock } = createModels();
    broken.add('large');
    for (let call = 0; call < 2; call++) await failover(models, ask);
    broken.clear();
    clock.advance(3_000);
    expect(await failover(models, ask)).toBe('answer of large');
    expect(models[0]?.breaker.state).toBe('closed');
  });

  it('rejects with the last error of one that was asked', async () => {
    const { models, ask, broken } = createModels();
    const last = new Error('the last one');
    models[1]?.breaker.trip();
    for (const { name } of models) broken.add(name);
    const fail = async (model: (typeof models)[number]) => {
      await ask(model).catch(() => {});
      throw model.name === 'local' ? last : down;
    };
    expect(await reasonOf(failover(models, fail))).toBe(last);
    models[2]?.breaker.trip();
    expect(await reasonOf(failover(models, fail))).toBe(down);
  });

  it('S-23 rejects with the rejection of the circuit that recovers first where none admits the call', async () => {
    const { models, ask, asked } = createModels();
    for (const { breaker } of models) breaker.trip();
    models[0]?.breaker.isolate();
    const error = await reasonOf(failover(models, ask));
    expect(error).toBeInstanceOf(CircuitBreakerOpenError);
    expect([error, asked]).toEqual([expect.objectContaining({ breaker: 'small', retryAfterMs: 1_000 }), []]);
  });

  it('S-40 does not fail over an error that does not count', async () => {
    const { models, asked } = createModels();
    const mistake = new TypeError('no messages');
    const ask = async ({ name }: { readonly name: string }) => {
      asked.push(name);
      throw mistake;
    };
    expect(await reasonOf(failover(models, ask))).toBe(mistake);
    expect(asked).toEqual(['large']);
  });

  it('S-43 does not fail over an abort', async () => {
    const { models, asked } = createModels();
    const controller = new AbortController();
    const hang = ({ name }: { readonly name: string }) => {
      asked.push(name);
      return new Promise<never>(() => {});
    };
    const answer = reasonOf(failover(models, hang, { signal: controller.signal }));
    controller.abort('stop');
    expect([await answer, asked]).toEqual(['stop', ['large']]);
    expect(models[0]?.breaker.metrics()).toMatchObject({ cancelled: 1, failures: 0 });
  });

  it('S-44 fails over a candidate that misses its deadline', async () => {
    const { models, ask, clock } = createModels();
    const hangFirst = (model: (typeof models)[number]) =>
      model.name === 'large' ? new Promise<never>(() => {}) : ask(model);
    const answer = failover(models, hangFirst, { timeout: 500 });
    clock.advance(500);
    expect(await answer).toBe('answer of small');
    expect(models[0]?.breaker.metrics()).toMatchObject({ timeouts: 1, failures: 1 });
  });

  it('goes past the fallback of a breaker, and takes breakers themselves as candidates', async () => {
    const first = createBreaker({ name: 'first', fallback: () => 'a fallback' });
    const second = createBreaker({ name: 'second' });
    first.trip();
    expect(await failover([first, second], async ({ name }) => name)).toBe('second');
  });

  it('goes on where a candidate is rejected by a breaker of its own', async () => {
    const { models } = createModels();
    const inner = createBreaker({ name: 'inner' });
    inner.trip();
    const ask = ({ name }: { readonly name: string }) => (name === 'large' ? inner.call(async () => '') : name);
    expect(await failover(models, ask)).toBe('small');
  });

  it('S-50 goes on where onSwitch throws', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { models, ask, broken } = createModels();
    broken.add('large');
    const onSwitch = () => {
      throw down;
    };
    expect(await failover(models, ask, { onSwitch })).toBe('answer of small');
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it('wants candidates, a function, and options that make sense', async () => {
    const { models, ask } = createModels();
    expect(await reasonOf(failover([], ask))).toBeInstanceOf(TypeError);
    for (const args of [
      [models, 'ask'],
      [[{}], ask],
      [[undefined], ask],
    ])
      expect(await reasonOf(Reflect.apply(failover, undefined, args))).toBeInstanceOf(TypeError);
    for (const options of [{ allOpen: 'probe' }, { timeout: 0 }, { onSwitch: 1 }, { signal: 'stop' }])
      expect(await reasonOf(Reflect.apply(failover, undefined, [models, ask, options]))).toMatchObject({
        code: 'ERR_BREAKER_OPTIONS',
      });
  });
});

describe('failover where no circuit admits the call, told to probe', () => {
  it('asks the one that recovers first, one call at a time, and counts nothing', async () => {
    const { models, asked } = createModels();
    for (const { breaker } of models) breaker.trip();
    const answer = createDeferred<string>();
    const ask = ({ name }: { readonly name: string }) => {
      asked.push(name);
      return answer.promise;
    };
    const calls = [1, 2, 3].map(() => failover(models, ask, { allOpen: 'probeEarliest' }));
    const others = Promise.all(calls.slice(1).map(reasonOf));
    answer.resolve('an answer after all');
    expect(await calls[0]).toBe('an answer after all');
    expect(await others).toEqual([expect.any(CircuitBreakerOpenError), expect.any(CircuitBreakerOpenError)]);
    expect(asked).toEqual(['small']);
    expect(models[1]?.breaker.metrics()).toMatchObject({ state: 'open', calls: 0, rejected: 3 });
  });

  it('probes none that is held open by hand or stopped', async () => {
    const { models, ask, asked } = createModels();
    models[0]?.breaker.isolate();
    models[1]?.breaker.stop();
    models[2]?.breaker.isolate();
    expect(await reasonOf(failover(models, ask, { allOpen: 'probeEarliest' }))).toMatchObject({ reason: 'isolated' });
    expect(asked).toEqual([]);
  });
});
