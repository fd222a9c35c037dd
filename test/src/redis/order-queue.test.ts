import { expect, it } from 'vitest';
import type { FleetOrder } from '../../../src/redis/fleet-request.ts';
import { OrderQueue } from '../../../src/redis/order-queue.ts';
import { createDeferred, flushMicrotasks } from '../../support/calls.ts';

/** A queue whose orders are answered by the test, the oldest first. */
function createQueue() {
  const asked: FleetOrder['op'][] = [];
  const answers: ((isAnswered: boolean) => void)[] = [];
  const queue = new OrderQueue(async ({ op }) => {
    asked.push(op);
    const { promise, resolve } = createDeferred<boolean>();
    answers.push(resolve);
    return (await promise) ? () => {} : undefined;
  });
  const add = (op: 'sync' | 'hold' | 'reset') => {
    queue.add(op, () => ({ op }));
    void queue.run();
  };
  const settle = async (isAnswered: boolean) => {
    answers.shift()?.(isAnswered);
    await flushMicrotasks();
  };
  return { queue, asked, add, settle };
}

it('asks at once, in order, without waiting for an answer', () => {
  const { asked, add } = createQueue();
  for (const op of ['sync', 'hold', 'reset', 'hold'] as const) add(op);
  expect(asked).toEqual(['sync', 'hold', 'reset', 'hold']);
});

it('asks a question once at a time, and once more where it was put again meanwhile', async () => {
  const { queue, asked, add, settle } = createQueue();
  for (let count = 0; count < 100; count++) add('sync');
  expect(asked).toEqual(['sync']);
  await settle(true);
  expect(asked).toEqual(['sync', 'sync']);
  await settle(true);
  expect([asked.length, queue.hasNews]).toEqual([2, false]);
});

it('has news until the last of a kind has been answered', async () => {
  const { queue, add, settle } = createQueue();
  add('hold');
  add('hold');
  await settle(true);
  expect(queue.hasNews).toBe(true);
  await settle(true);
  expect(queue.hasNews).toBe(false);
});

it('keeps what has come to nothing, one of each kind and in order, but not the questions', async () => {
  const { queue, asked, add, settle } = createQueue();
  for (const op of ['hold', 'reset', 'sync', 'hold'] as const) add(op);
  queue.drop();
  for (let count = 0; count < 4; count++) await settle(false);
  expect([queue.hasNews, asked.length]).toEqual([true, 4]);
  void queue.run();
  expect(asked.slice(4)).toEqual(['reset', 'hold']);
  for (let count = 0; count < 2; count++) await settle(true);
  expect(queue.hasNews).toBe(false);
});

it('leaves out what there is no need for any more', () => {
  const { queue, asked, add } = createQueue();
  queue.add('hold', () => undefined);
  add('reset');
  expect(asked).toEqual(['reset']);
});
