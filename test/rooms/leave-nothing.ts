import { afterAll, expect, vi } from 'vitest';

/** What a test may put something else in the place of, for its own time. */
const replaceable = {
  'console.error': () => console.error,
  'console.warn': () => console.warn,
  'console.log': () => console.log,
  'Date.now': () => Date.now,
  'performance.now': () => performance.now,
  setTimeout: () => setTimeout,
  fetch: () => fetch,
};

const events = ['unhandledRejection', 'uncaughtException', 'warning', 'SIGINT'];

const look = () =>
  Object.fromEntries([
    ...Object.entries(replaceable).map(([name, find]) => [name, vi.isMockFunction(find()) ? 'a spy' : find()]),
    ...events.map((event) => [`listeners of ${event}`, process.listenerCount(event)]),
  ]);

// Test files that share a process find it as the one before them has found it.
const before = look();
afterAll(() => expect(look(), 'What the tests of this file have changed is to be put back by them.').toEqual(before));
