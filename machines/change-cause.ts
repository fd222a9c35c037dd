import { propertyOf } from './property-of.ts';

/**
 * What has changed the state: outcomes (`failures`, `slowCalls` where the outcome that tripped was a slow success, `atOnce`
 * where a failure said itself that it is of no use to go on, `trial`), time (`time`, `ramp`), a command, or the fleet.
 */
export type ChangeCause =
  | 'failures'
  | 'slowCalls'
  | 'atOnce'
  | 'trial'
  | 'time'
  | 'ramp'
  | 'trip'
  | 'reset'
  | 'isolate'
  | 'release'
  | 'disable'
  | 'enable'
  | 'fleet';

/** Who orders something, and why. */
export interface CommandOrder {
  readonly by?: string;
  readonly reason?: string;
}

const longestText = 500;

/** The parts of an order that are text, cut to 500 characters; undefined where there is none. */
export function soundOrder(value: unknown): CommandOrder | undefined {
  const by = textIn(value, 'by');
  const reason = textIn(value, 'reason');
  if (by === undefined && reason === undefined) return undefined;
  return { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
}

function textIn(value: unknown, key: string): string | undefined {
  try {
    const text = propertyOf(value, key);
    return typeof text === 'string' && text !== '' ? text.slice(0, longestText) : undefined;
  } catch {
    // A getter that throws would stop the actor for good.
    return undefined;
  }
}
