import {
  type CircuitBreaker,
  circuitBreaker,
  createBreaker,
  type Guarded,
  type HasBreaker,
} from 'agent-circuit-breaker';
import { describe, expectTypeOf, it } from 'vitest';

const breaker = createBreaker();
const askModel = async (prompt: string, temperature = 0): Promise<string> => `${prompt} ${temperature}`;
const countWords = (text: string): number => text.split(' ').length;

interface Session {
  readonly model: string;
}
function askSession(this: Session, prompt: string): Promise<string> {
  return Promise.resolve(`${this.model}: ${prompt}`);
}
function nameOf(this: Session): string {
  return this.model;
}

interface Overloaded {
  (id: number): Promise<number>;
  (name: string): Promise<string>;
}
declare const find: Overloaded;
declare const first: <T>(items: readonly T[]) => Promise<T>;

describe('the type of a wrapped function', () => {
  it('keeps the parameters and returns a promise', () => {
    const guarded = breaker.wrap(askModel);
    expectTypeOf(guarded).toEqualTypeOf<Guarded<typeof askModel, CircuitBreaker>>();
    expectTypeOf(guarded('Hello', 1)).toEqualTypeOf<Promise<string>>();
    expectTypeOf(breaker.wrap(countWords)('two words')).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error The prompt is missing.
    guarded();
    // @ts-expect-error The prompt is a string.
    guarded(1);
  });

  it('stands where the original is wanted', () => {
    expectTypeOf(breaker.wrap(askModel)).toExtend<typeof askModel>();
    expectTypeOf(breaker.wrapSync(countWords)).toExtend<typeof countWords>();
    expectTypeOf(circuitBreaker()(askModel)).toExtend<typeof askModel>();
  });

  it('keeps the sync signature with wrapSync', () => {
    const guarded = breaker.wrapSync(countWords);
    expectTypeOf(guarded).toEqualTypeOf<typeof countWords & HasBreaker<CircuitBreaker>>();
    expectTypeOf(guarded('two words')).toEqualTypeOf<number>();
    // @ts-expect-error The text is a string.
    guarded(2);
  });

  it('has its breaker, which cannot be replaced', () => {
    const guarded = breaker.wrap(askModel);
    expectTypeOf(guarded.breaker).toEqualTypeOf<CircuitBreaker>();
    expectTypeOf(breaker.wrapSync(countWords).breaker).toEqualTypeOf<CircuitBreaker>();
    // @ts-expect-error The breaker is read-only.
    guarded.breaker = breaker;
  });

  it('keeps the type of this', () => {
    const session = { model: 'small', ask: breaker.wrap(askSession), modelName: breaker.wrapSync(nameOf) };
    expectTypeOf(session.ask('Hello')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(session.modelName()).toEqualTypeOf<string>();
    const { ask, modelName } = session;
    // @ts-expect-error It needs a session.
    ask('Hello');
    // @ts-expect-error It needs a session.
    modelName();
    // @ts-expect-error It needs a session, with a model.
    ask.call({ model: 1 }, 'Hello');
  });

  it('keeps every overload', () => {
    const guarded = breaker.wrap(find);
    expectTypeOf(guarded('name')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(guarded(1)).toEqualTypeOf<Promise<number>>();
  });

  it('promises no more than a promise where the original returns a special kind of it', () => {
    class Request extends Promise<string> {
      withResponse(): void {}
    }
    const guarded = breaker.wrap((_prompt: string) => new Request(() => {}));
    expectTypeOf(guarded('Hello')).toEqualTypeOf<Promise<string>>();
  });

  it('keeps type parameters', () => {
    expectTypeOf(breaker.wrap(first)([1, 2])).toEqualTypeOf<Promise<number>>();
    expectTypeOf(breaker.wrap(first<number>)([1, 2])).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error The rest of the signature is kept.
    breaker.wrap(first)(1);
  });

  it('takes nothing but a function', () => {
    // @ts-expect-error A string cannot be called.
    breaker.wrap('askModel');
    // @ts-expect-error A promise is a call that has been made already.
    breaker.wrap(askModel('Hello'));
    // @ts-expect-error undefined cannot be called.
    breaker.wrapSync(undefined);
  });
});

describe('the type of circuitBreaker applied to a function', () => {
  it('is that of wrap', () => {
    const guard = circuitBreaker({ failureThreshold: 3 });
    expectTypeOf(guard(askModel)).toEqualTypeOf(breaker.wrap(askModel));
    expectTypeOf(guard(countWords)).toEqualTypeOf(breaker.wrap(countWords));
    expectTypeOf(guard(askSession)).toEqualTypeOf(breaker.wrap(askSession));
    expectTypeOf(guard(find)('name')).toEqualTypeOf<Promise<string>>();
  });

  it('takes nothing but a function', () => {
    // @ts-expect-error A string cannot be called.
    circuitBreaker()('askModel');
    // @ts-expect-error An object cannot be called.
    circuitBreaker()({ call: askModel });
  });
});
