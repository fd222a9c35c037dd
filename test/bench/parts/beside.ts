import { ours, toFigures } from '../figures.ts';
import { type Effort, inRounds } from '../measuring/rounds.ts';
import type { Turn } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';

/** What ours is compared with, by name. */
export type Others = Readonly<Record<string, Turn>>;

/** What is compared, and how it is told. */
export interface Comparison {
  readonly unit: 'ns' | 'us' | 'ms';
  readonly ours: Turn;
  /** The same without any guard: left out of everybody's time. Its name, and its turn. */
  readonly bare?: readonly [name: string, turn: Turn];
  /** @default nobody: only ours is measured */
  readonly others?: Others;
}

/** Times ours beside what else there is, in interleaved rounds. */
export async function beside(effort: Effort, { unit, bare, others = {}, ...comparison }: Comparison): Promise<Figures> {
  const contestants = Object.entries({ [ours]: comparison.ours, ...others, ...(bare && { [bare[0]]: bare[1] }) });
  const samples = await inRounds(
    contestants.map(([name, turn]) => ({ name, turn })),
    effort,
  );
  return toFigures(samples, { unit, ...(bare && { without: bare[0] }) });
}
