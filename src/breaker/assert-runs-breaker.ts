import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import type { BreakerActorRef } from '../circuit/chart-link.ts';

/**
 * Accepts an actor that runs the breaker's machine, customised or not.
 *
 * @param asker - The function that was given the actor, for the error.
 * @throws TypeError for anything else.
 */
export function assertRunsBreaker(actor: unknown, asker: string): asserts actor is BreakerActorRef {
  const isActor = ['getSnapshot', 'send', 'on'].every((method) => typeof propertyOf(actor, method) === 'function');
  const context = isActor ? propertyOf(snapshotOf(actor), 'context') : undefined;
  if (propertyOf(context, 'generation') !== undefined && propertyOf(context, 'trials') !== undefined) return;
  throw new TypeError(
    `${asker} wants an actor that runs circuitBreakerMachine or a machine made by createBreakerMachine, ` +
      `but was given ${isActor ? 'an actor of other logic' : describeValue(actor)}.`,
  );
}

function snapshotOf(actor: unknown): unknown {
  try {
    const getSnapshot = propertyOf(actor, 'getSnapshot');
    return typeof getSnapshot === 'function' ? getSnapshot.call(actor) : undefined;
  } catch {
    return undefined;
  }
}
