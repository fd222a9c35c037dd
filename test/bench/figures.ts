import { less, type Samples, timesOf } from './measuring/rounds.ts';
import { median, spreadOf } from './measuring/statistics.ts';
import type { Figures, Ratio } from './row.ts';

/** What is measured, as it is called beside everything else. */
export const ours = 'agent-circuit-breaker';

/** What samples are told in, as so many of what they are measured in: nanoseconds, or KiB. */
const scales = { ns: 1, us: 1e3, ms: 1e6, KiB: 1 };

/** How samples become figures. */
export interface Presentation<N extends string> {
  readonly unit: keyof typeof scales;
  /** Whose time is left out of everybody else's in the same round; its own is told as it is. */
  readonly without?: N;
}

/**
 * Makes figures of samples: everybody's median, where ours lie, and how many times as much ours are as each other's in
 * the same round. Beside what is left out of ours, ours are taken whole.
 *
 * @param samples - In nanoseconds or KiB; ours among them.
 */
export function toFigures<N extends string>(samples: Samples<N>, presentation: Presentation<N>): Figures<N> {
  const { unit, without } = presentation;
  const left = without === undefined ? undefined : samples.get(without);
  const shown = new Map(
    [...samples].map(([name, whole]): [N, readonly number[]] => [
      name,
      (left && name !== without ? less(whole, left) : whole).map((sample) => sample / scales[unit]),
    ]),
  );
  const own = oursOf(shown);
  return {
    unit,
    values: medians(shown),
    spreads: [spreadOf(own)],
    ratios: [...shown]
      .filter(([name]) => name !== ours)
      .map(([name, others]) =>
        name === without ? toRatio(name, oursOf(samples), samples.get(name) ?? []) : toRatio(name, own, others),
      ),
    goals: [],
  };
}

/**
 * Makes figures of something of ours that may grow with a size.
 *
 * @param ofSizes - Samples in nanoseconds for each size, of the same rounds; the first and the last are compared.
 */
export function toGrowth(ofSizes: readonly Samples<string>[], unit: keyof typeof scales): Figures {
  const parts = ofSizes.map((samples) => toFigures(samples, { unit }));
  const names = new Set(parts.flatMap(({ values }) => [...values.keys()]));
  const [first, last] = [ofSizes[0], ofSizes.at(-1)];
  return {
    unit,
    values: new Map([...names].map((name) => [name, parts.flatMap(({ values }) => values.get(name) ?? [])])),
    spreads: parts.flatMap(({ spreads = [] }) => spreads),
    ratios: [
      ...(first && last ? [toRatio('the first', oursOf(last), oursOf(first))] : []),
      ...(parts.at(-1)?.ratios ?? []),
    ],
    goals: [],
  };
}

/** Everybody's median. */
export function medians<N extends string>(samples: Samples<N>): Figures<N>['values'] {
  return new Map([...samples].map(([name, numbers]) => [name, [median(numbers)]]));
}

function toRatio(of: string, own: readonly number[], others: readonly number[]): Ratio {
  const ratios = timesOf(own, others);
  return { of, median: median(ratios), ...spreadOf(ratios) };
}

function oursOf(samples: Samples<string>): readonly number[] {
  return samples.get(ours) ?? [];
}
