import { expect, it } from 'vitest';
import type { FleetOrder } from '../../../src/redis/fleet-request.ts';
import { OrderQueue } from '../../../src/redis/order-queue.ts';
import { createDeferred, flushMicrotasks } from '../../support/calls.ts';

/** A queue whose orders are answered by the test, one at a time. */
function createQueue() {
  const asked: FleetOrder['op'][] = [];
  let answer = createDeferred<boolean>();
  const queue = new OrderQueue(async ({ op }) => {
    asked.push(op);
    answer = createDeferred<boolean>();
    return (await answer.promise) ? () => {} : undefined;
  });
  const add = (op: 'sync' | 'hold' | 'reset') => {
    queue.add(op, () => ({ op }));
    void queue.run();
  };
  const settle = async (isAnswered: boolean) => {
    answer.resolve(isAnswered);
    await flushMicrotasks();
  };
  const acquire = () => {
    queue.add('acquire', () => ({ op: 'acquire', ttl: 1, isWanted: true, leases: {} }));
    void queue.run();
  };
  return { queue, asked, add, acquire, settle };
}

it('asks one thing after the other, and only once of each kind', async () => {
  const { asked, add, settle } = createQueue();
  add('sync');
  for (let count = 0; count < 100; count++) for (const op of ['reset', 'hold'] as const) add(op);
  for (let count = 0; count < 5; count++) await settle(true);
  expect(asked).toEqual(['sync', 'reset', 'hold']);
});

it('lets a question that is asked again and again get ahead of none that waits', async () => {
  const { asked, add, acquire, settle } = createQueue();
  add('sync');
  for (let count = 0; count < 4; count++) {
    add('sync');
    acquire();
    await settle(true);
  }
  expect(asked).toEqual(['sync', 'sync', 'acquire', 'sync', 'acquire']);
});

it('keeps what has come to nothing, but not the questions', async () => {
  const { queue, asked, add, settle } = createQueue();
  add('hold');
  add('sync');
  queue.drop();
  await settle(false);
  expect([queue.hasNews, queue.isWorking]).toEqual([true, false]);
  void queue.run();
  await settle(true);
  expect([queue.hasNews, asked]).toEqual([false, ['hold', 'hold']]);
});

it('puts what has happened again after what happened in between', async () => {
  const { asked, add, settle } = createQueue();
  add('sync');
  add('hold');
  add('reset');
  add('hold');
  for (let count = 0; count < 4; count++) await settle(true);
  expect(asked).toEqual(['sync', 'reset', 'hold']);
});
