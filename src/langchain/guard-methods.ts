import { Runnable, type RunnableConfig, RunnableSequence } from '@langchain/core/runnables';
import { IterableReadableStream } from '@langchain/core/utils/stream';
import type { Breaker } from '../breaker/breaker.ts';
import { guardCall } from './guard-call.ts';
import type { GuardRunnableOptions } from './guard-runnable-options.ts';
import { GuardedStream } from './guarded-stream.ts';

/** What a guarded runnable has in place of the runnable's own methods, by name: its calls, and what would go past them. */
export function guardMethods(
  runnable: Runnable,
  breaker: Breaker,
  options: GuardRunnableOptions,
): Map<PropertyKey, unknown> {
  const guards = new Map<PropertyKey, unknown>();
  guards.set('invoke', (input: unknown, config?: RunnableConfig) =>
    guardCall(breaker, { call: () => runnable.invoke(input, config), signals: [config?.signal] }),
  );
  guards.set('stream', async (input: unknown, config?: RunnableConfig) => {
    const stream = new GuardedStream({ breaker, config, options, open: (own) => runnable.stream(input, own) });
    return IterableReadableStream.fromAsyncGenerator(await stream.start());
  });
  guards.set('transform', async function* (inputs: AsyncGenerator<unknown>, config?: RunnableConfig) {
    yield* new GuardedStream({ breaker, config, options, open: (own) => runnable.transform(inputs, own) });
  });
  // The general ones: that of a binding or of a sequence would go past the guard.
  guards.set('batch', Runnable.prototype.batch);
  guards.set('pipe', Runnable.prototype.pipe);
  // By this a sequence is known, and taken apart where another is piped into it.
  if (RunnableSequence.isRunnableSequence(runnable)) guards.set('middle', undefined);
  return guards;
}
