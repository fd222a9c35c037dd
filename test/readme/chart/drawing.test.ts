import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, raise, setup } from 'xstate';
import { noteOf } from './chart-note.ts';
import { type Selection, selectionsOf } from './chart-selections.ts';
import { transitionsOf } from './chart-transitions.ts';
import { drawSelection } from './draw-selection.ts';
import type { DrawingName, Line } from './drawing.ts';
import { leftOut } from './left-out.ts';
import { lineText } from './text-size.ts';

/** A door, which is tried while it is half open. */
const door = setup({
  actions: { date: raise({ type: 'push' }), note: assign({}), takeLease: assign({}) },
  guards: { isOld: () => true, isHeavyEnoughToBreakTheLock: () => true, hasFleet: () => true },
  delays: { rest: 1 },
}).createMachine({
  id: 'door',
  initial: 'shut',
  on: { 'door.break': '.broken', 'fleet.opened': { guard: 'hasFleet', actions: 'note' } },
  states: {
    shut: {
      tags: ['rejecting'],
      after: { rest: 'ajar' },
      on: {
        push: [
          { guard: 'isOld', actions: ['note', 'date'] },
          { guard: 'isOld', target: 'ajar' },
          { guard: 'isHeavyEnoughToBreakTheLock', target: 'ajar' },
          { guard: 'isOld', actions: 'note' },
          { actions: 'note' },
        ],
        shove: { description: 'Nobody does.' },
        knock: { description: 'The former name of push.', target: 'ajar' },
      },
    },
    ajar: {
      initial: 'still',
      states: {
        still: { tags: ['trial'], on: { push: 'moving', 'fleet.leaseGranted': { actions: 'takeLease' } } },
        moving: { on: { stop: 'still', shut: '#door.shut', push: { description: 'It moves already.' } } },
      },
      on: { push: { guard: 'isOld', actions: 'note' }, stop: '.still' },
    },
    broken: { on: { 'door.break': {} } },
  },
});

describe('what is drawn of a machine', () => {
  it('is neither what raises the event anew, nor what ignores it, nor a former name', () => {
    const told = transitionsOf(door).filter(({ from }) => from.key === 'shut');
    expect(told.map(({ event, guard, to }) => [event, guard, to.key].join(' '))).toEqual([
      'after rest  ajar',
      'push isOld ajar',
      'push isHeavyEnoughToBreakTheLock ajar',
      'push isOld shut',
      'push  shut',
    ]);
  });

  it('needs names of what decides', () => {
    const nameless = createMachine({ initial: 'a', states: { a: { on: { go: { guard: () => true, target: 'a' } } } } });
    expect(() => transitionsOf(nameless)).toThrow('What (machine).a does about go has no name');
  });

  it('falls into one of the drawings, or is named', () => {
    expect(leftOut(door, selectionsOf(door))).toEqual([]);
    const nested = createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { initial: 'b', states: { b: { on: { go: 'c' } }, c: {} } } },
    });
    expect(leftOut(nested, selectionsOf(nested))).toEqual([
      'No drawing has a box for the state m.a.b.',
      'No drawing has a box for the state m.a.c.',
      'No drawing tells what leads from m.a.b to m.a.c: go.',
    ]);
  });
});

describe('the core', () => {
  const { states, arrows } = drawn(door, 'core');

  it('has one arrow for each pair of states, with events, delays and what decides in words', () => {
    expect(arrows.map(({ from, to, lines }) => [from, to, ...textOf(lines)])).toEqual([
      ['door.shut', 'door.ajar', 'after rest', 'push', '  [old]', '  [heavy enough to break the', '   lock]'],
      ['door.ajar', 'door.shut', 'shut'],
    ]);
  });

  it('tells in a box what is answered there, once, and which states are in it', () => {
    expect(states.map(({ name, tone, lines }) => [name, tone, ...textOf(lines)])).toEqual([
      ['shut', 'rejecting', 'rejecting', 'push'],
      ['ajar', 'trial', 'still, moving', 'push (not in moving)', '[old]'],
      ['broken', 'plain'],
    ]);
    expect(states.filter(({ isFirst }) => isFirst).map(({ name }) => name)).toEqual(['shut']);
  });

  it('leaves what every state answers to the line beneath', () => {
    expect(noteOf(door, selected(door, 'core'))).toBe(
      'In every state that does not name the event itself, `door.break` (not in broken) leads to `broken`.',
    );
  });
});

describe('half-open', () => {
  const { states, arrows } = drawn(door, 'half-open');

  it('has its neighbours above and beneath', () => {
    expect(states.map(({ id }) => id)).toEqual(['door.shut', 'door.ajar', 'door.shut beneath']);
    expect(arrows.map(({ from, to }) => `${from} to ${to}`)).toEqual([
      'door.ajar.* to door.ajar.still',
      'door.ajar.still to door.ajar.moving',
      'door.ajar.moving to door.ajar.still',
      'door.ajar.moving to door.shut beneath',
      'door.shut to door.ajar',
    ]);
  });

  it('has a box for what all its states answer alike, where that leads to one of them', () => {
    const [, around] = states;
    expect(around?.inside.map(({ id, isFirst }) => [id, isFirst])).toEqual([
      ['door.ajar.*', false],
      ['door.ajar.still', true],
      ['door.ajar.moving', false],
    ]);
  });
});

describe('the fleet', () => {
  it('has what a fleet tells, without saying that there is one', () => {
    const { states } = drawn(door, 'fleet');
    expect(states.map(({ id, inside }) => [id, ...inside.map(({ lines }) => textOf(lines))])).toEqual([
      ['door.ajar', ['trial', 'fleet.leaseGranted']],
    ]);
    expect(noteOf(door, selected(door, 'fleet'))).toBe(
      'In every state that does not name the event itself, `fleet.opened` is answered without leaving the state.',
    );
  });
});

function drawn(machine: AnyStateMachine, name: DrawingName) {
  return drawSelection(machine, selected(machine, name), 24);
}

function selected(machine: AnyStateMachine, name: DrawingName): Selection {
  const selection = selectionsOf(machine).find((one) => one.name === name);
  if (!selection) throw new Error(`There is no drawing ${name}.`);
  return selection;
}

function textOf(lines: readonly Line[]): readonly string[] {
  return lines.map(lineText);
}
