import { createDeferred, type Deferred } from '../../support/calls.ts';

/** A source whose every step the test decides. */
export interface ScriptedSource extends AsyncIterable<string> {
  /** How often an item has been asked for. */
  readonly asked: number;
  /** How often the consumer has given up. */
  readonly returned: number;
  give(item: string): Promise<void>;
  end(): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** Lets what follows from a settled promise happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** Makes a source that gives an item only when the test gives it one. */
export function createSource(): ScriptedSource {
  let asked = 0;
  let returned = 0;
  let step: Deferred<IteratorResult<string>> = createDeferred();
  const settleStep = async (how: (deferred: Deferred<IteratorResult<string>>) => void) => {
    // Somebody has to have asked for the item.
    await settle();
    const present = step;
    step = createDeferred();
    present.promise.catch(() => {});
    how(present);
    await settle();
  };
  return {
    get asked() {
      return asked;
    },
    get returned() {
      return returned;
    },
    give: (value) => settleStep(({ resolve }) => resolve({ done: false, value })),
    end: () => settleStep(({ resolve }) => resolve({ done: true, value: undefined })),
    fail: (error) => settleStep(({ reject }) => reject(error)),
    [Symbol.asyncIterator]: () => ({
      next: () => {
        asked++;
        return step.promise;
      },
      return: async () => {
        returned++;
        return { done: true, value: undefined };
      },
    }),
  };
}

/** Three items, one after the other. */
export async function* threeItems(): AsyncGenerator<string> {
  yield 'a';
  yield 'b';
  yield 'c';
}

/** Reads a stream to its end. */
export async function readAll<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
