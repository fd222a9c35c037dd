import { describe, expect, it } from 'vitest';
import { circuitBreakerMachine } from '../../machines/circuit-breaker.machine.ts';
import { drawChart } from './chart-diagram.ts';
import { placeDiagram, readReadme } from './readme-text.ts';

const lines = drawChart().trimEnd().split('\n');
const textOf = (line: string) => line.trim();

describe('the diagram in the README', () => {
  it('is the one that npm run diagram draws', () => {
    const readme = readReadme();
    const isUpToDate = placeDiagram(readme, drawChart()) === readme;
    expect(isUpToDate, 'The chart in README.md is stale. Run npm run diagram.').toBe(true);
  });

  it('goes between its marks, and only there', () => {
    const markdown = 'before\n<!-- chart:start -->\nold\n<!-- chart:end -->\nafter\n';
    const placed = placeDiagram(markdown, 'new\n');
    expect(placed).toBe('before\n<!-- chart:start -->\n```mermaid\nnew\n```\n<!-- chart:end -->\nafter\n');
    expect(placeDiagram(placed, 'new\n')).toBe(placed);
  });

  it.each(['', '<!-- chart:start -->', '<!-- chart:end --><!-- chart:start -->'])(
    'is refused by a text without its marks, with the command to run: %j',
    (markdown) => {
      expect(() => placeDiagram(markdown, 'new\n')).toThrow('npm run diagram');
    },
  );
});

describe('the drawing of the chart', () => {
  it('fits on a page', () => {
    expect(lines[0]).toBe('stateDiagram-v2');
    expect(lines.length).toBeLessThanOrEqual(45);
  });

  it('has every state of the machine, and where the machine begins', () => {
    const keys = Object.values(circuitBreakerMachine.root.states).flatMap((state) => [
      state.key,
      ...Object.keys(state.states),
    ]);
    expect(keys).toEqual(['closed', 'open', 'halfOpen', 'free', 'waiting', 'full', 'ramping', 'isolated', 'disabled']);
    for (const key of keys)
      expect(
        lines.some((line) => new RegExp(`\\b${key} -->`).test(line)),
        key,
      ).toBe(true);
    expect(lines.map(textOf)).toEqual(expect.arrayContaining(['[*] --> closed', '[*] --> free']));
  });

  it('tells what leads from one state to another: event, guard, delay', () => {
    expect(lines.map(textOf)).toEqual(
      expect.arrayContaining([
        [
          'closed --> open : call.succeeded [isOneSlowCallTooMany]',
          ...['call.failed [opensAtOnce]', 'call.failed [thresholdReached]', 'breaker.trip', 'fleet.opened'],
        ].join('<br>'),
        'open --> halfOpen : after recoveryTimeout<br>recovery.elapsed [recoveryDue]',
        [
          'halfOpen --> closed : call.succeeded [successThresholdReached]',
          ...['fleet.closed', 'after recoveryRamp', 'trial.started [rampOver]', 'recovery.elapsed [rampOver]'],
        ].join('<br>'),
        'halfOpen --> open : call.succeeded [isSlow]<br>call.failed<br>breaker.trip<br>fleet.opened',
        'free --> waiting : [awaitsLease]',
        'waiting --> free : [mayTry]',
        'full --> waiting : [awaitsLease]',
        'free --> ramping : call.succeeded [rampDue]',
        'full --> ramping : call.succeeded [rampDue]',
        'free --> full : [slotsTaken]<br>trial.started [takesLastSlot]',
        'full --> free : [slotFree]',
        'isolated --> closed : breaker.release [isLastHold]<br>fleet.closed',
        'disabled --> closed : breaker.enable',
        'disabled --> open : breaker.trip',
      ]),
    );
  });

  it('nests the trial slots inside half-open', () => {
    const start = lines.findIndex((line) => textOf(line) === 'state halfOpen {');
    const inside = lines.slice(start + 1, lines.indexOf('  }', start));
    expect(inside.map(textOf)).toEqual(expect.arrayContaining(['[*] --> free', 'full --> free : [slotFree]']));
    expect(inside.every((line) => line.startsWith('    '))).toBe(true);
    // Mermaid would take a state that is named inside for another one of the same name.
    for (const key of ['closed', 'open']) expect(inside.join('\n')).not.toMatch(new RegExp(`--> ${key}\\b`));
  });

  it('says once what leads to a state from everywhere', () => {
    const notes = lines.map(textOf).filter((line) => line.startsWith('note'));
    expect(notes).toEqual([
      'note right of closed : breaker.reset, from every state',
      'note right of isolated : breaker.isolate, from every state',
      'note right of disabled : breaker.disable, from every state',
    ]);
    // One that is isolated already answers in its own way: with one hold more.
    const arrows = lines.filter((line) => line.includes('-->') && !line.includes('isolated --> isolated')).join('\n');
    for (const command of ['breaker.reset', 'breaker.isolate', 'breaker.disable'])
      expect(arrows).not.toContain(command);
  });

  it('leaves out what changes nothing', () => {
    for (const guard of ['isLate', 'isUndated', 'isUndrawn', 'isNeutral'])
      expect(lines.join('\n')).not.toContain(guard);
  });
});
