import { toFigures } from '../figures.ts';
import { compareOverheads, type Effort } from '../measuring/rounds.ts';
import { awaited, timeCalls } from '../measuring/turns.ts';
import { type Figures, type Goal, judge } from '../row.ts';
import { libraries } from './libraries.ts';
import type { GuardedOperation, Library, LibraryName, Operation } from './library.ts';
import { differentOnceIn, fail, succeed } from './operations.ts';

/** A successful call through a closed circuit. */
export async function measureSuccess(effort: Effort): Promise<Figures<LibraryName>> {
  const figures = await compare((library) => library.consecutive(succeed), succeed, effort);
  const goals = [
    ratioGoal(figures, 'cockatiel', 0.4),
    ratioGoal(figures, 'opossum', 0.1),
    ratioGoal(figures, 'hand-written', 1.3),
  ];
  return { ...figures, goals };
}

/** A call that an open circuit rejects; what is left out is the call that would have succeeded. */
export async function measureRejection(effort: Effort): Promise<Figures<LibraryName>> {
  const opened = async (library: Library) => {
    const guarded = library.fragile(fail);
    await timeCalls(guarded.call, 1);
    return guarded;
  };
  const figures = await compare(opened, succeed, effort);
  return { ...figures, goals: [ratioGoal(figures, 'cockatiel', 0.35), ratioGoal(figures, 'opossum', 0.35)] };
}

/** A call that fails and does not open the circuit. */
export async function measureFailure(effort: Effort): Promise<Figures<LibraryName>> {
  const figures = await compare((library) => library.consecutive(fail), fail, effort);
  return { ...figures, goals: [ratioGoal(figures, 'cockatiel', 1)] };
}

/** Calls of which one in five fails, past a circuit that judges the rate of the last 30 s. */
export async function measureRate(effort: Effort): Promise<Figures<LibraryName>> {
  const mixed = differentOnceIn(5, fail, succeed);
  const figures = await compare((library) => library.rated?.(mixed), mixed, effort);
  return { ...figures, goals: [ratioGoal(figures, 'cockatiel', 1)] };
}

async function compare(
  prepare: (library: Library) => GuardedOperation | undefined | Promise<GuardedOperation | undefined>,
  bare: Operation,
  effort: Effort,
): Promise<Figures<LibraryName>> {
  const guards: (GuardedOperation & { readonly name: LibraryName })[] = [];
  for (const library of libraries) {
    const guarded = await prepare(library);
    if (guarded) guards.push({ name: library.name, ...guarded });
  }
  const contestants = guards.map(({ name, call }) => ({ name, turn: awaited(call) }));
  const samples = await compareOverheads(
    contestants,
    awaited(() => bare()),
    effort,
  );
  for (const { dispose } of guards) dispose?.();
  return toFigures(samples, { unit: 'ns' });
}

function ratioGoal({ values }: Figures<LibraryName>, name: LibraryName, limit: number): Goal {
  const ratio = Number(values.get('agent-circuit-breaker')?.[0]) / Number(values.get(name)?.[0]);
  return judge(`at most ${limit} x ${name}`, ratio, limit);
}
