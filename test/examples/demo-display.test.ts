import { describe, expect, it } from 'vitest';
import { chooseDisplay } from '../../examples/demo/choose-display.ts';
import { plain } from '../../examples/demo/palette.ts';
import { summarise } from '../../examples/demo/report.ts';
import { renderSummary } from '../../examples/demo/summary.ts';
import { renderTimeline } from '../../examples/demo/timeline.ts';
import { createCall, createRecording } from './recordings.ts';

const anyColour = new RegExp(`${'\u001b'}\\[[\\d;]*m`);
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** What a display writes to a terminal, or to a pipe, of this size. */
function show(output: { isTTY?: boolean; columns?: number; rows?: number }, environment = {}, isJson = false): string {
  let written = '';
  const write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  const recording = createRecording();
  const display = chooseDisplay(recording, { ...output, write }, environment, isJson);
  display.onCallEnded(createCall(3, 'status', 4));
  display.finish(summarise(recording));
  return written;
}

describe('the display of the demo', () => {
  const terminal = { isTTY: true, columns: 80, rows: 24 };

  it('draws in place and in colour on a terminal', () => {
    const written = show(terminal);
    expect(written).toContain(hideCursor);
    expect(written).toMatch(anyColour);
    expect(written).toContain('With a breaker');
  });

  it('gives the cursor back', () => {
    const written = show(terminal);
    expect(written.lastIndexOf(showCursor)).toBeGreaterThan(written.lastIndexOf(hideCursor));
  });

  it('draws without colours where NO_COLOR is set', () => {
    const written = show(terminal, { NO_COLOR: '1' });
    expect(written).toContain(hideCursor);
    expect(written).not.toMatch(anyColour);
  });

  it.each([
    ['low', { ...terminal, rows: 23 }, {}],
    ['narrow', { ...terminal, columns: 79 }, {}],
  ])('prints coloured lines on a terminal that is too %s for a picture', (_size, output, environment) => {
    const written = show(output, environment);
    expect(written).not.toContain(hideCursor);
    expect(written).toMatch(anyColour);
    expect(written).toContain('caller 4');
  });

  it.each([
    ['a pipe', {}, {}],
    ['a dumb terminal', terminal, { TERM: 'dumb' }],
  ])('prints plain lines on %s', (_kind, output, environment) => {
    const written = show(output, environment);
    expect(written).not.toContain('\u001b');
    expect(written).toContain('caller 4');
  });

  it('prints nothing but JSON where that is wanted, on a terminal too', () => {
    expect(JSON.parse(show(terminal, {}, true))).toEqual(summarise(createRecording()));
  });
});

describe('the picture', () => {
  it.each([80, 100, 120, 200])('is no wider than a terminal of %i columns', (width) => {
    const lines = renderTimeline(createRecording(), width, plain);
    expect(lines.filter((line) => [...line].length >= width)).toEqual([]);
  });

  it.each([false, true])('is followed by a summary that fits 60 columns (interrupted: %s)', (isInterrupted) => {
    const lines = renderSummary(summarise(createRecording({ isInterrupted })), 60, plain);
    expect(lines.filter((line) => [...line].length >= 60)).toEqual([]);
  });

  it('leaves a row of the lowest terminal for the cursor, from the first frame on', () => {
    const start = createRecording({ elapsedMs: 0, transitions: [], outage: { fromMs: null, toMs: null } });
    for (const recording of [start, createRecording()])
      expect(renderTimeline(recording, 80, plain).length).toBeLessThan(24);
  });

  it('shows each call with its end and its length, and the states below, without any colour', () => {
    const lines = renderTimeline(createRecording(), 80, plain);
    const rows = lines.filter((line) => line.startsWith(' caller 3'));
    expect(rows).toEqual([
      ' caller 3    ●   ●   ●   ━━┫ ○   ○   ○   ○   ○   ○   ●   ●   ●',
      ' caller 3    ●   ●   ●   ━━┫ ━━┫ ━━┫ ━━┫ ━━┫ ━━┫ ━━┫ ●   ●   ●',
    ]);
    expect(lines.find((line) => line.startsWith(' closed'))).toBe(
      ` closed    ${'─'.repeat(18)}${'█'.repeat(22)}▒${'─'.repeat(13)}`,
    );
  });

  it('shows a state that lasted less than a column', () => {
    const recording = createRecording({
      state: 'open',
      transitions: [
        { atMs: 1_000, from: 'closed', to: 'open' },
        { atMs: 2_000, from: 'open', to: 'halfOpen' },
        { atMs: 2_003, from: 'halfOpen', to: 'open' },
      ],
    });
    const row = renderTimeline(recording, 80, plain).find((line) => line.startsWith(' open'));
    expect(row).toMatch(/─█+▒█+$/);
  });
});
