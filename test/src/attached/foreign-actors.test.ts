import { attachBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createActor, createMachine, fromPromise, setup } from 'xstate';
import { throwing } from '../half-open/ways-out.ts';
import { untyped } from '../user-code/untyped.ts';

const counter = setup({ types: { context: {} as { count: number } } }).createMachine({ context: { count: 0 } });

const foreign: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  'a number': 42,
  'a string': 'breaker',
  'an object': {},
  'a function': () => {},
  'an object whose getSnapshot is no function': { getSnapshot: true },
  'an object whose snapshot is null': { getSnapshot: () => null },
  'an object whose getSnapshot throws': { getSnapshot: throwing(new Error('bug')) },
  'a snapshot that looks right, without an actor around it': {
    getSnapshot: () => ({ context: { generation: 0, trials: [] } }),
  },
  'an actor of a promise': createActor(fromPromise(async () => 1)),
  'an actor of another machine': createActor(createMachine({})),
  'an actor of a machine with a context': createActor(counter).start(),
};

describe('attachBreaker over something that is no breaker', () => {
  it.each(Object.entries(foreign))('S-72 throws a TypeError that says what is wanted: %s', (_name, actor) => {
    expect(() => attachBreaker(untyped(actor))).toThrow(TypeError);
    expect(() => attachBreaker(untyped(actor))).toThrow(/attachBreaker wants an actor/);
  });
});
