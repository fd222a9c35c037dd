import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import {
  aBoolean,
  aFunction,
  checkOptions,
  count,
  duration,
  type OptionRule,
  rejectOption,
} from '../../machines/settings/option-rules.ts';
import type { RedisClient } from './redis-client.ts';

/** Options of `redisFleet`. Durations are in milliseconds, from 1 to 2147483647. */
export interface RedisFleetOptions {
  /**
   * A client of `redis` (5 or 6) or `ioredis` (5 or 6), also of a cluster. It stays yours: connect it, listen to its
   * errors, close it. For listening the fleet opens one more connection (`duplicate()`), which ends with the last breaker.
   */
  readonly client: RedisClient;
  /**
   * What every key and the channel begin with; without braces.
   * @default 'agent-circuit-breaker:'
   */
  readonly prefix?: string | undefined;
  /**
   * How many processes have to have opened the circuit by themselves, within `quorumWindow`, before it opens for all:
   * one that fails for reasons of its own keeps it to itself. Where fewer are alive, all of them are enough.
   * @default 2
   */
  readonly quorum?: number | undefined;
  /**
   * For how long the opening of one process counts towards the quorum.
   * @default the breaker's recoveryTimeout
   */
  readonly quorumWindow?: number | undefined;
  /**
   * Whether failures are counted together, too: `failureThreshold` failures of at least `quorum` processes within
   * `failureWindow` open the circuit. Needs `failureWindow`; sends one command for each failure, or for several that come
   * at once.
   * @default false
   */
  readonly shareFailures?: boolean | undefined;
  /**
   * How often a breaker asks how things are, give or take a quarter, to repair what was not heard. A process with very
   * many breakers asks less often: at most 100 times a second in all.
   * @default 10_000
   */
  readonly pollInterval?: number | undefined;
  /**
   * How long an answer may take before the server counts as gone. No call waits for it.
   * @default 1_000
   */
  readonly timeout?: number | undefined;
  /** Called when the server is reached, for the first time and again. */
  readonly onConnected?: (() => unknown) | undefined;
  /**
   * Called once when the server can no more be reached, is silent, or refuses.
   * @default what a server refuses is printed by console.error, once per distinct message
   */
  readonly onDisconnected?: ((error: unknown) => unknown) | undefined;
}

const aClient: OptionRule = (option, value) => {
  const has = (...methods: readonly string[]) =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof Reflect.get(value, method) === 'function');
  if (!has('duplicate', 'on', 'evalsha', 'disconnect') && !has('duplicate', 'on', 'evalSha', 'destroy'))
    rejectOption(
      option,
      'what createClient or createCluster of redis has made, or a Redis or Cluster of ioredis',
      value,
    );
};

const aPrefix: OptionRule = (option, value) => {
  if (typeof value !== 'string' || /[{}]/.test(value)) rejectOption(option, 'a string without braces', value);
};

const rules = {
  client: aClient,
  prefix: aPrefix,
  quorum: count,
  quorumWindow: duration,
  shareFailures: aBoolean,
  pollInterval: duration,
  timeout: duration,
  onConnected: aFunction,
  onDisconnected: aFunction,
} as const;

/**
 * Checks the options of `redisFleet`.
 *
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 */
export function checkFleetOptions(options: RedisFleetOptions): void {
  if (typeof options === 'object' && options !== null && !('client' in options) && 'duplicate' in options)
    throw new BreakerOptionsError('client', 'client is an option: redisFleet({ client }), not redisFleet(client).');
  checkOptions(options, rules);
  aClient('client', options.client);
}
