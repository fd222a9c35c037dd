import { circuitBreaker } from 'agent-circuit-breaker';
import { expect, it } from 'vitest';
class A {
  k = 3;
  @circuitBreaker({})
  async f(n: number) {
    return this.k + n;
  }
}
it('x', async () => {
  {
    using p = { [Symbol.dispose]() { console.log('disposed'); } };
    void p;
  }
  expect(await new A().f(2)).toBe(5);
});
