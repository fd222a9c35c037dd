import type { FailureReason } from '../../machines/failure-reason.ts';
import type { SharedCircuit } from './fleet-request.ts';

/** What the script answers. */
export interface FleetAnswer extends SharedCircuit {
  /** Names the lease that was granted. */
  readonly token: number | undefined;
  /** When the first lease of another runs out, in ms from now, where none was granted. */
  readonly retry: number | undefined;
  /** Why the server did not publish what has changed; undefined where it did, or there was nothing. */
  readonly refusal: string | undefined;
  /** The tokens that were prolonged, where that was asked for. */
  readonly kept: readonly string[] | undefined;
  /** The member that wants a slot, where one was prolonged: what was published may not have been heard. */
  readonly wantedBy: string | undefined;
}

/** What is published: a change of the fleet's circuit, or something about its half-open slots. */
export interface FleetNews {
  /** Name of the breaker. */
  readonly name: string;
  /** Names the circuit; see `SharedCircuit`. */
  readonly id: string;
  /** The circuit after a change; undefined where nothing has changed. */
  readonly circuit: SharedCircuit | undefined;
  /** The member that wants a slot, but that got none. */
  readonly wantedBy: string | undefined;
}

/** Reads what the script has returned. @throws TypeError where it is not that. */
export function readAnswer(reply: unknown): FleetAnswer {
  const answer = parse(String(reply));
  const circuit = circuitIn(answer);
  if (circuit === undefined) throw new TypeError('The server has answered something that is no state of a fleet.');
  const kept = answer.kept;
  return {
    ...circuit,
    token: wholeIn(answer.token),
    retry: numberOr(answer.retry, undefined),
    refusal: typeof answer.refusal === 'string' ? answer.refusal : undefined,
    kept: typeof kept === 'object' && kept !== null ? Object.keys(kept) : undefined,
    wantedBy: typeof answer.wantedBy === 'string' ? answer.wantedBy : undefined,
  };
}

/** Reads a message of the channel; undefined where it is of somebody else. */
export function readNews(message: string): FleetNews | undefined {
  try {
    const news = parse(message);
    const { name, id, wantedBy } = news;
    if (typeof name !== 'string' || typeof id !== 'string') return undefined;
    return { name, id, circuit: circuitIn(news), wantedBy: typeof wantedBy === 'string' ? wantedBy : undefined };
  } catch {
    return undefined;
  }
}

/** Writes down why a circuit is open. */
export function writeReason(reason: FailureReason | null): string {
  return reason === null ? '' : JSON.stringify(reason);
}

/** Reads why a circuit is open; null where that is not known. */
export function readReason(text: string): FailureReason | null {
  try {
    const { name, kind, status } = parse(text);
    if (typeof name !== 'string') return null;
    return { name, kind: typeof kind === 'string' ? kind : null, status: numberOr(status, null) };
  } catch {
    return null;
  }
}

function circuitIn(fields: Fields): SharedCircuit | undefined {
  const { id, epoch, isOpen, rest, wait, reopenings, resetEpoch, reason, nodes, holders } = fields;
  const number = wholeIn(epoch);
  if (number === undefined || typeof isOpen !== 'boolean') return undefined;
  return {
    ...{ id: typeof id === 'string' ? id : '', epoch: number, isOpen, resetEpoch: wholeIn(resetEpoch) ?? 0 },
    ...{ rest: numberOr(rest, 0), wait: numberOr(wait, 0), reopenings: numberOr(reopenings, 0) },
    reason: typeof reason === 'string' ? reason : '',
    nodes: listOf(nodes),
    holders: listOf(holders),
  };
}

/** An empty list is written as an empty object by Lua. */
function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): Fields {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A whole number that is written as text. */
function wholeIn(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
