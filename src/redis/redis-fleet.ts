import { fromCallback, type NonReducibleUnknown } from 'xstate';
import { type Fleet, fleetImplementations } from '../../machines/fleet/fleet-implementations.ts';
import type { FleetInput, NodeEvent } from '../../machines/fleet-actor.ts';
import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import { UserCode } from '../platform/user-code.ts';
import { FleetLink } from './fleet-link.ts';
import { FleetMember, type MemberSettings } from './fleet-member.ts';
import { IoRedisConnection } from './io-redis-connection.ts';
import { NodeRedisConnection } from './node-redis-connection.ts';
import { OwnBreaker } from './own-breaker.ts';
import { isIoRedis } from './redis-client.ts';
import { checkFleetOptions, type RedisFleetOptions } from './redis-fleet-options.ts';
import { isRefusal } from './refusals.ts';

/**
 * Shares circuits with other processes over a Redis or Valkey server: breakers of the same name open and close together,
 * and only one process at a time tries whether the operation works again. It is advisory: no call ever waits for the
 * server, and without it every breaker goes by what it sees itself.
 *
 * One for each process is enough; it is handed to any number of breakers.
 *
 * @param options - The client, which stays yours to connect and to close, and how the fleet decides.
 * @returns What `createBreaker({ fleet })`, `createBreakerRegistry({ fleet })` and
 *   `createBreakerMachine().provide(fleet)` take.
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 *
 * @example
 * ```ts
 * const client = createClient({ url }).on('error', console.error);
 * client.connect(); // not awaited: without its server a breaker goes by what it sees itself
 * const fleet = redisFleet({ client });
 * const breaker = createBreaker({ name: 'openai', fleet });
 * await breaker.ready; // an outage that others have seen is known from the first call on
 * ```
 */
export function redisFleet(options: RedisFleetOptions): Fleet {
  checkFleetOptions(options);
  const { client, prefix = 'agent-circuit-breaker:', timeout = 1000, onConnected, onDisconnected } = options;
  const userCode = new UserCode(undefined);
  // That a connection is lost is told by the client; what nobody would hear of otherwise is a wrong password or permission.
  const print = (error: unknown) =>
    userCode.report(error, `the server of redisFleet({ prefix: ${JSON.stringify(prefix)} })`);
  const connection = isIoRedis(client) ? new IoRedisConnection(client) : new NodeRedisConnection(client);
  const link = new FleetLink(connection, {
    ...{ prefix, timeoutMs: timeout },
    onConnected: () => userCode.run('onConnected', () => onConnected?.()),
    onDisconnected: (error) =>
      userCode.run('onDisconnected', () => (onDisconnected ? onDisconnected(error) : isRefusal(error) && print(error))),
    onRefused: print,
  });
  const settings: MemberSettings = {
    quorum: options.quorum ?? 2,
    quorumWindowMs: options.quorumWindow,
    pollMs: options.pollInterval ?? 10_000,
    sharesFailures: options.shareFailures ?? false,
  };
  const logic = fromCallback<NodeEvent, FleetInput & NonReducibleUnknown>(({ input, self, sendBack, receive }) => {
    const { _parent: breaker } = self;
    if (breaker === undefined) return;
    const own = new OwnBreaker(input, breaker, (event) => {
      // An inspector of the actor's system can throw through whatever is sent.
      try {
        sendBack(event);
      } catch (error) {
        userCode.report(error, 'inspect');
      }
    });
    if (own.isRestored) own.tell({ type: 'fleet.disconnected' });
    const sharesFailures = settings.sharesFailures && canShareFailures(input);
    if (settings.sharesFailures !== sharesFailures)
      print(new BreakerOptionsError('fleet', `"${input.name}" shares no failures: ${sharingNeeds}.`));
    const member = new FleetMember(own, link, { ...settings, sharesFailures });
    receive((event) => member.receive(event));
    link.add(member);
    return () => member.leave();
  });
  return fleetImplementations({ ...logic, sharesFailures: settings.sharesFailures });
}

const sharingNeeds = 'shareFailures needs failureWindow, and no failureRateThreshold';

/** Failures of several processes cannot be in a row, and a rate would need every success, too. */
function canShareFailures({ settings: { failureWindowMs, failureRateThreshold } }: FleetInput): boolean {
  return failureWindowMs !== null && failureRateThreshold === null;
}
