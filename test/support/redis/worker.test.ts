import { describe, expect, it } from 'vitest';
import { reasonOf } from '../calls.ts';
import { startWorker } from './worker.ts';

describe('a worker', () => {
  const file = 'test/support/redis/echo-worker.ts';

  it('answers, twenty at a time', async () => {
    const workers = await Promise.all(Array.from({ length: 20 }, (_, index) => startWorker(file, { index })));
    const answers = await Promise.all(workers.map((worker, index) => worker.ask(index)));
    const expected = { machine: 'breaker', library: 'function' };
    expect(answers).toEqual(workers.map((_, index) => ({ message: index, data: { index }, ...expected })));
    expect(new Set(workers.map(({ pid }) => pid)).size).toBe(20);
    await Promise.all(workers.map((worker) => worker.dispose()));
  });

  it('rejects with the error of its handler, or with its own end', async () => {
    await using worker = await startWorker(file);
    expect(await reasonOf(worker.ask('fail'))).toMatchObject({ name: 'RangeError', message: 'as asked' });
    const lost = reasonOf(worker.ask('hang'));
    worker.kill();
    expect(String(await lost)).toContain('ended with SIGKILL');
    expect(await worker.exited).toBe(null);
    expect(String(await reasonOf(worker.ask('fail')))).toContain('ended with SIGKILL');
    await worker.dispose();

    await using leaving = await startWorker(file);
    expect(String(await reasonOf(leaving.ask('exit')))).toContain('ended with 3');
    expect(await leaving.exited).toBe(3);
  });
});
