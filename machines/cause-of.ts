import type { BreakerEvent, BreakerStateName } from './breaker-events.ts';
import type { ChangeCause } from './change-cause.ts';
import { isFleetEvent } from './fleet-events.ts';

const commands = {
  'breaker.trip': 'trip',
  'breaker.reset': 'reset',
  'breaker.isolate': 'isolate',
  'breaker.release': 'release',
  'breaker.disable': 'disable',
  'breaker.enable': 'enable',
} as const satisfies Partial<Record<BreakerEvent['type'], ChangeCause>>;

/**
 * What has changed the state.
 *
 * @param event - The event that did.
 * @param opensAtOnce - Tells whether the event is a failure that opens a circuit by itself.
 */
export function causeOf(
  { type }: { readonly type: string },
  from: BreakerStateName,
  to: BreakerStateName,
  opensAtOnce: () => boolean,
): ChangeCause {
  if (isCommand(type)) return commands[type];
  if (isFleetEvent(type)) return 'fleet';
  if (to === 'halfOpen') return 'time';
  if (from === 'halfOpen') return type.startsWith('call.') ? 'trial' : 'ramp';
  if (type === 'call.succeeded') return 'slowCalls';
  return opensAtOnce() ? 'atOnce' : 'failures';
}

function isCommand(type: string): type is keyof typeof commands {
  return Object.hasOwn(commands, type);
}
