import { fieldOf, isArray, textOf } from './read-field.ts';

/** The names of gRPC's status numbers, from 1 on: https://grpc.io/docs/guides/status-codes */
const names = [
  ...['CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
] as const;

/** How far into a message they are looked for, in characters. */
const longestStart = 200;

/**
 * The name of the gRPC status that an error has as a number. Others number their errors, too, such as `DOMException`: the
 * number is gRPC's beside `details` or `metadata`, or where the message says number and name.
 */
export function grpcNameOf(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  if (typeof code !== 'number') return nameIn(textOf(error, 'message') ?? '');
  const name = names[code - 1];
  if (name === undefined) return undefined;
  const details = fieldOf(error, 'details');
  const metadata = fieldOf(error, 'metadata');
  const isBeside =
    typeof details === 'string' || isArray(details) || (typeof metadata === 'object' && metadata !== null);
  return isBeside || textOf(error, 'message')?.startsWith(`${code} ${name}`) ? name : undefined;
}

/** An error that was wrapped has the message alone. */
function nameIn(message: string): string | undefined {
  const [, number, name] = /\b(\d{1,2}) ([A-Z_]{5,19}):/.exec(message.slice(0, longestStart)) ?? [];
  return name !== undefined && names[Number(number) - 1] === name ? name : undefined;
}
