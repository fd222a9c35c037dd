import { createBreaker } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { expect, it } from 'vitest';
import { createActor } from 'xstate';

// Run in the projects of vitest.config.ts only: without it, tests that ran on the newest XState would tell nothing.

/** The folders of `node_modules` whose code has led here. */
function packagesInStack(): readonly string[] {
  const { stack = '' } = new Error('Where am I?');
  return [...stack.matchAll(/node_modules[\\/](xstate\w*)[\\/]/g)].map(([, name]) => String(name));
}

it('runs a breaker on the copy of XState that is said', () => {
  const seen = new Set<string>();
  const inspect = () => {
    for (const name of packagesInStack()) seen.add(name);
  };
  createBreaker({ inspect }).trip();
  expect([...seen]).toEqual([process.env.XSTATE_COPY]);
});

it('runs the chart on the copy of XState that is said', () => {
  const seen = new Set<string>();
  const isLate = () => {
    for (const name of packagesInStack()) seen.add(name);
    return false;
  };
  createActor(circuitBreakerMachine.provide({ guards: { isLate } }))
    .start()
    .send({ type: 'call.failed' });
  expect([...seen]).toEqual([process.env.XSTATE_COPY]);
});
