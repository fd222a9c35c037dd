import { BreakerOptionsError, createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';

const client = createClient();

describe('an option that is wrong', () => {
  it.each<[string, unknown]>([
    ['client', undefined],
    ['client', null],
    ['client', {}],
    ['client', 'redis://localhost'],
    ['prefix', 'a{b'],
    ['prefix', 1],
    ...[0, -1, 1.5, Number.NaN, '2'].map((value): [string, unknown] => ['quorum', value]),
    ...['quorumWindow', 'pollInterval', 'timeout'].flatMap((option) =>
      [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '1000'].map((value): [string, unknown] => [option, value]),
    ),
    ['shareFailures', 'yes'],
    ['onConnected', 'log'],
    ['onDisconnected', {}],
    ['quorumwindow', 5],
  ])('is named: %s, %j', (option, value) => {
    const make = () => Reflect.apply(redisFleet, undefined, [{ client, [option]: value }]);
    expect(make).toThrow(BreakerOptionsError);
    expect(make).toThrow(option);
  });

  it('is named where there are none', () => {
    for (const options of [undefined, null, 5])
      expect(() => Reflect.apply(redisFleet, undefined, [options])).toThrow(BreakerOptionsError);
  });

  it.each([{}, () => {}, 'redis', { client }])('is a fleet that is none: %j', (fleet) => {
    expect(() => Reflect.apply(createBreaker, undefined, [{ fleet }])).toThrow(BreakerOptionsError);
  });

  it('leaves alone what is right', () => {
    expect(redisFleet({ client })).toMatchObject({ actors: { fleet: { sharesFailures: false } } });
    expect(redisFleet({ client, shareFailures: true, quorum: 3, timeout: 1.5, onConnected: undefined })).toMatchObject({
      actors: { fleet: { sharesFailures: true } },
    });
  });
});
