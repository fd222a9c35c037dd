import { createBreaker, type RunContext } from 'agent-circuit-breaker';
import { describe, expectTypeOf, it } from 'vitest';

const breaker = createBreaker();
const askModel = async (prompt: string, temperature = 0): Promise<{ text: string }> => ({
  text: `${prompt} ${temperature}`,
});
const countWords = (text: string): number => text.split(' ').length;

interface Overloaded {
  (id: number): Promise<number>;
  (name: string): Promise<string>;
}
declare const find: Overloaded;
declare const identity: <T>(value: T) => T;
declare const maybeAsync: (text: string) => string | Promise<number>;

describe('the type of a call', () => {
  it('is a promise of what an async function resolves to', () => {
    expectTypeOf(breaker.call(askModel, 'Hello')).toEqualTypeOf<Promise<{ text: string }>>();
    expectTypeOf(breaker.call(askModel, 'Hello', 1)).toEqualTypeOf<Promise<{ text: string }>>();
  });

  it('is a promise of what a sync function returns', () => {
    expectTypeOf(breaker.call(countWords, 'two words')).toEqualTypeOf<Promise<number>>();
    expectTypeOf(breaker.call(() => {})).toEqualTypeOf<Promise<void>>();
    expectTypeOf(breaker.call((): null => null)).toEqualTypeOf<Promise<null>>();
  });

  it('unwraps a promise inside a union, a nested promise and a thenable', () => {
    const nested = async (): Promise<Promise<boolean>> => Promise.resolve(Promise.resolve(true));
    const thenable = (): PromiseLike<symbol> => Promise.resolve(Symbol('done'));
    expectTypeOf(breaker.call(maybeAsync, 'x')).toEqualTypeOf<Promise<string | number>>();
    expectTypeOf(breaker.call(nested)).toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(breaker.call(thenable)).toEqualTypeOf<Promise<symbol>>();
  });

  it('is never a value for a function that always throws', () => {
    const fail = (): never => {
      throw new Error('always');
    };
    expectTypeOf(breaker.call(fail)).toEqualTypeOf<Promise<never>>();
    expectTypeOf(breaker.callSync(fail)).toEqualTypeOf<never>();
  });

  it('takes the arguments of the function and no others', () => {
    // @ts-expect-error The prompt is missing.
    breaker.call(askModel);
    // @ts-expect-error The prompt is a string.
    breaker.call(askModel, 1);
    // @ts-expect-error There is no third argument.
    breaker.call(askModel, 'Hello', 1, 2);
    // @ts-expect-error Nothing but a function can be called.
    breaker.call('askModel');
    // @ts-expect-error A promise is a call that has been made already.
    breaker.call(askModel('Hello'));
  });

  it('takes the arguments of a function with a rest', () => {
    const join = (separator: string, ...parts: readonly string[]) => parts.join(separator);
    expectTypeOf(breaker.call(join, ',', 'a', 'b')).toEqualTypeOf<Promise<string>>();
    // @ts-expect-error The parts are strings.
    breaker.call(join, ',', 1);
  });

  it('gives a generic function the types of its arguments', () => {
    expectTypeOf(breaker.call(identity, 42)).toExtend<Promise<number>>();
    expectTypeOf(breaker.callSync(identity<string>, 'text')).toEqualTypeOf<string>();
  });

  it('takes the last of several overloads, and any of them inside a function of its own', () => {
    expectTypeOf(breaker.call(find, 'name')).toEqualTypeOf<Promise<string>>();
    // @ts-expect-error TypeScript infers from the last overload only.
    breaker.call(find, 1);
    expectTypeOf(breaker.call(() => find(1))).toEqualTypeOf<Promise<number>>();
  });

  it('does not take a function that needs a this', () => {
    function ask(this: { readonly prompt: string }): string {
      return this.prompt;
    }
    expectTypeOf(breaker.wrap(ask).call({ prompt: 'Hello' })).toEqualTypeOf<Promise<string>>();
    // @ts-expect-error A call has no this to give; wrap has.
    breaker.call(ask);
  });
});

describe('the type of a sync call', () => {
  it('is what the function returns, untouched', () => {
    expectTypeOf(breaker.callSync(countWords, 'two words')).toEqualTypeOf<number>();
    // A promise is refused when it is seen; the types alone cannot tell every thenable.
    expectTypeOf(breaker.callSync(maybeAsync, 'x')).toEqualTypeOf<string | Promise<number>>();
  });

  it('takes the arguments of the function and no others', () => {
    // @ts-expect-error The text is missing.
    breaker.callSync(countWords);
    // @ts-expect-error The text is a string.
    breaker.callSync(countWords, false);
  });
});

describe('the type of a run', () => {
  it('is a promise of what the function comes to', () => {
    expectTypeOf(breaker.run(() => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(breaker.run(async () => 'text', { timeout: 5 })).toEqualTypeOf<Promise<string>>();
  });

  it('hands the function a signal and nothing else', () => {
    breaker.run((context) => {
      expectTypeOf(context).toEqualTypeOf<RunContext>();
      expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf<keyof RunContext>().toEqualTypeOf<'signal'>();
    });
    breaker.run((context) => {
      // @ts-expect-error The signal cannot be replaced.
      context.signal = new AbortController().signal;
    });
  });

  it('knows its options', () => {
    const signal = new AbortController().signal;
    breaker.run(() => 1, { signal, timeout: 1000, fallback: () => 0 });
    breaker.run(() => 1, { signal: undefined, timeout: undefined, fallback: undefined });
    // @ts-expect-error A duration is a number of milliseconds.
    breaker.run(() => 1, { timeout: '1s' });
    // @ts-expect-error A controller is no signal.
    breaker.run(() => 1, { signal: new AbortController() });
    // @ts-expect-error There is no such option.
    breaker.run(() => 1, { retries: 3 });
    // @ts-expect-error The arguments of run are options, not arguments of the function.
    breaker.run((prompt: string) => prompt, 'Hello');
  });
});
