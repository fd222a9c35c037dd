/** A library that a fleet talks to its server by. */
export type ClientLibrary = 'node-redis 6' | 'ioredis 6';

/** The columns of the report: a breaker that is in no fleet, and one in a fleet by each library. */
export type Column = 'no fleet' | ClientLibrary;

/** Every library that is measured. */
export const clientLibraries: readonly ClientLibrary[] = ['node-redis 6', 'ioredis 6'];
