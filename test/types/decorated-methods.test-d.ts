import { type BreakerDecorator, type CircuitBreaker, circuitBreaker } from 'agent-circuit-breaker';
import { describe, expectTypeOf, it } from 'vitest';

class Agent {
  readonly model = 'small';

  @circuitBreaker({ name: 'ask', failureThreshold: 3 })
  async ask(prompt: string, temperature?: number): Promise<{ text: string }> {
    return { text: `${this.model} ${prompt} ${temperature}` };
  }

  @circuitBreaker()
  static async list(limit: number): Promise<readonly string[]> {
    return ['small', 'large'].slice(0, limit);
  }

  @circuitBreaker()
  async askSession(this: Agent, prompt: string): Promise<string> {
    return `${this.model} ${prompt}`;
  }

  @circuitBreaker()
  async #secret(prompt: string): Promise<string> {
    return prompt;
  }

  tell(): Promise<string> {
    return this.#secret('hidden');
  }

  find(id: number): Promise<number>;
  find(name: string): Promise<string>;
  @circuitBreaker()
  async find(key: number | string): Promise<number | string> {
    return key;
  }
}

describe('the type of a decorated method', () => {
  it('stays what it was', () => {
    const agent = new Agent();
    expectTypeOf(agent.ask).toEqualTypeOf<(prompt: string, temperature?: number) => Promise<{ text: string }>>();
    expectTypeOf(Agent.list(1)).toEqualTypeOf<Promise<readonly string[]>>();
    expectTypeOf(agent.askSession('Hello')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(agent.tell()).toEqualTypeOf<Promise<string>>();
    expectTypeOf(agent.find(1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(agent.find('name')).toEqualTypeOf<Promise<string>>();
    // @ts-expect-error The prompt is a string.
    agent.ask(1);
  });

  it('stays generic', () => {
    class Extractor {
      @circuitBreaker()
      async extract<T>(prompt: string, parse: (text: string) => T): Promise<T> {
        return parse(prompt);
      }
    }
    expectTypeOf(new Extractor().extract('1', Number)).toEqualTypeOf<Promise<number>>();
  });

  it('comes from one decorator for both dialects and for functions', () => {
    expectTypeOf(circuitBreaker).returns.toEqualTypeOf<BreakerDecorator>();
    const decorated = circuitBreaker()(Agent.prototype.ask, fakeContext);
    expectTypeOf(decorated.breaker).toEqualTypeOf<CircuitBreaker>();
  });
});

declare const fakeContext: ClassMethodDecoratorContext<Agent, Agent['ask']>;

describe('circuitBreaker does not compile on', () => {
  it('a method that returns no promise', () => {
    class Refused {
      // @ts-expect-error The guarded method returns a promise, which would not be the method's type.
      @circuitBreaker()
      now(): number {
        return 1;
      }
    }
    return Refused;
  });

  it('anything but a method', () => {
    class Refused {
      // @ts-expect-error A field has no calls to guard.
      @circuitBreaker()
      readonly prompt: string = '';

      // @ts-expect-error What a getter gives would become a promise.
      @circuitBreaker()
      get answer(): string {
        return '';
      }
    }
    // @ts-expect-error A class is constructed, not called.
    @circuitBreaker()
    class RefusedClass {}
    return [Refused, RefusedClass];
  });

  it('a method without its call', () => {
    class Refused {
      // @ts-expect-error The options are missing: it is @circuitBreaker().
      @circuitBreaker
      async ask(): Promise<string> {
        return '';
      }
    }
    return Refused;
  });
});
