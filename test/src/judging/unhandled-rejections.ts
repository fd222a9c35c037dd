import { flushMicrotasks } from '../../support/calls.ts';

/** Runs something and tells which rejections nobody handled, in place of the test runner, which would fail the run. */
export async function unhandledRejectionsOf(action: () => unknown): Promise<readonly unknown[]> {
  return collect('unhandledRejection', action);
}

/** Runs something and tells which exceptions nobody caught. */
export async function uncaughtExceptionsOf(action: () => unknown): Promise<readonly unknown[]> {
  return collect('uncaughtException', action);
}

async function collect(event: 'unhandledRejection' | 'uncaughtException', action: () => unknown) {
  const reasons: unknown[] = [];
  const others = process.rawListeners(event);
  process.removeAllListeners(event);
  process.on(event, (reason: unknown) => reasons.push(reason));
  try {
    await action();
    await flushMicrotasks();
    await flushMicrotasks();
  } finally {
    process.removeAllListeners(event);
    for (const listener of others) Reflect.apply(process.on, process, [event, listener]);
  }
  return reasons;
}
