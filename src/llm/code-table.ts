import type { ModelErrorKind } from './model-error-kind.ts';

/** Which codes stand for which kind: exactly, or by a pattern. All in lower case. */
export interface CodeRow {
  readonly kind: ModelErrorKind;
  readonly codes: readonly string[];
  readonly pattern?: RegExp;
}

/** Rows of codes, made quick to look up. */
export interface CodeTable {
  readonly rows: readonly CodeRow[];
  /** The number of the row of each code. */
  readonly places: ReadonlyMap<string, number>;
  /** The numbers of the rows that have a pattern, and it. */
  readonly patterns: readonly (readonly [place: number, pattern: RegExp])[];
}

/** Makes rows quick to look up; where several have a code, the first is right. */
export function toCodeTable(rows: readonly CodeRow[]): CodeTable {
  const places = new Map<string, number>();
  const patterns: (readonly [number, RegExp])[] = [];
  rows.forEach(({ codes, pattern }, place) => {
    for (const code of codes) if (!places.has(code)) places.set(code, place);
    if (pattern) patterns.push([place, pattern]);
  });
  return { rows, places, patterns };
}

/** The kind that the first matching row stands for. */
export function kindOfCodes(codes: ReadonlySet<string>, table: CodeTable): ModelErrorKind | undefined {
  const { rows, places, patterns } = table;
  let first = rows.length;
  for (const code of codes) {
    first = Math.min(first, places.get(code) ?? first);
    for (const [place, pattern] of patterns) {
      if (place >= first) break;
      if (pattern.test(code)) first = place;
    }
  }
  return rows[first]?.kind;
}
