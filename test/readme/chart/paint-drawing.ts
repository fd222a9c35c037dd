import { chartStyle } from './chart-style.ts';
import type { Drawing, Line, Tone } from './drawing.ts';
import type { Box, Layout, PlacedArrow, PlacedStart, PlacedState } from './layout-drawing.ts';
import { labelPadding, lineHeight, lineText, nameHeight, nameSize, statePadding } from './text-size.ts';
import { type Point, pathOf } from './way.ts';

/** Draws a laid-out drawing as the text of an SVG file, which follows the reader's choice of a light or a dark page. */
export function paint({ title }: Drawing, { width, height, states, arrows, starts }: Layout): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(arrows.map(toldOf).join('; '))}</desc>`,
    `<style>\n${chartStyle}\n</style>`,
    '<marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
    '<path class="head" d="M0,0.5L8,4L0,7.5z"/></marker>',
    `<rect class="page" width="${width}" height="${height}" rx="8"/>`,
    ...states.map(paintBox),
    ...starts.map(paintStart),
    ...arrows.map(({ points }) => paintLine(points)),
    ...states.map(paintText),
    ...arrows.map((arrow) => paintLabel(arrow, states)),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

/** An arrow in words, for those who do not see it. */
function toldOf({ arrow: { from, to, lines } }: PlacedArrow): string {
  const nameOf = (id: string) => id.replace(/ beneath$/, '').replace(/^[^.]+\./, '');
  return `${nameOf(from)} to ${nameOf(to)}: ${lines.map((line) => lineText(line).trim()).join(' ')}`;
}

function paintBox({ state, x, y, width, height }: PlacedState): string {
  const kind = state.inside.length > 0 ? 'around' : state.isCommon ? 'common' : 'state';
  return `<rect class="${kind} ${state.tone}" x="${x}" y="${y}" width="${width}" height="${height}" rx="9"/>`;
}

function paintStart({ dot, points }: PlacedStart): string {
  const radius = dot.width / 2;
  const circle = `<circle class="head" cx="${dot.x + radius}" cy="${dot.y + radius}" r="${radius}"/>`;
  return `${circle}\n${paintLine(points)}`;
}

function paintLine(points: readonly Point[]): string {
  return `<path class="arrow" marker-end="url(#head)" d="${pathOf(points)}"/>`;
}

function paintText({ state, x, y, width }: PlacedState): string {
  const middle = x + width / 2;
  const top = y + statePadding.y;
  if (state.name === '') return paintLines(state.lines, middle, top, state.tone);
  const name = `<text class="name" x="${middle}" y="${top + nameSize - 3}">${escaped(state.name)}</text>`;
  return [name, paintLines(state.lines, middle, top + nameHeight, state.tone)].join('\n');
}

/** A label covers the line that it stands in, in the colour of what is behind it. */
function paintLabel({ arrow, label }: PlacedArrow, states: readonly PlacedState[]): string {
  const { x, y, width, height } = label;
  const behind = states.filter((state) => contains(state, label)).at(-1)?.state.tone ?? '';
  const cover = `<rect class="behind ${behind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>`;
  const lines = paintLines(arrow.lines, x + labelPadding.x, y + labelPadding.y, 'label');
  return `<g>${cover}\n${lines}</g>`;
}

function paintLines(lines: readonly Line[], x: number, top: number, tone: Tone | 'label'): string {
  return lines
    .map((line, index) => {
      const spans = line.map(({ text, kind }) => `<tspan class="${kind}">${indented(escaped(text))}</tspan>`).join(' ');
      return `<text class="${tone}" x="${x}" y="${top + (index + 1) * lineHeight - 4.5}">${spans}</text>`;
    })
    .join('\n');
}

function contains(outer: Box, inner: Box): boolean {
  const isBeside = inner.x < outer.x || inner.x + inner.width > outer.x + outer.width;
  return !isBeside && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
}

/** The spaces before a text would be left out. */
function indented(text: string): string {
  return text.replace(/^ +/, (spaces) => '&#160;'.repeat(spaces.length));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
