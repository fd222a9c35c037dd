import type { Operation } from './library.ts';

const failure = new Error('down');

/** An operation that succeeds. */
export const succeed: Operation = async () => 'answer';

/** An operation that fails. */
export const fail: Operation = async () => {
  throw failure;
};

/** One call in so many goes another way than the others. */
export function differentOnceIn(count: number, seldom: Operation, usual: Operation): Operation {
  let made = 0;
  return () => (made++ % count === 0 ? seldom() : usual());
}
