/** What a test has started, to be ended in the opposite order; Node 20 has no AsyncDisposableStack. */
export interface Disposables extends AsyncDisposable {
  /** Takes something in, and returns it. */
  use<T extends AsyncDisposable>(disposable: T): T;
}

/** Makes an empty one. */
export function createDisposables(): Disposables {
  const stack: AsyncDisposable[] = [];
  return {
    use: (disposable) => {
      stack.push(disposable);
      return disposable;
    },
    [Symbol.asyncDispose]: async () => {
      for (const disposable of stack.reverse()) await disposable[Symbol.asyncDispose]();
    },
  };
}
