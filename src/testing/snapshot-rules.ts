import { liveThrough } from './machine-life.ts';
import type { MachineRule } from './machine-rule.ts';

/** An error as that of a model call is: its text must not be found in anything that is stored. */
const secretError = new Error('a text of an error that nobody may store', {
  cause: new Error('a text of a cause that nobody may store'),
});

/** Shorter ones are found in names of hosts and kinds of errors, which a strategy may remember. */
const shortestText = 8;

/** What holds of what it persists. */
export const snapshotRules: readonly MachineRule[] = [
  {
    name: 'what it persists is plain JSON',
    check: ({ start, failure }) => {
      const bench = start();
      let seen: object | undefined;
      liveThrough(bench, [failure, secretError], 6, (event) => {
        if (bench.context === seen) return;
        seen = bench.context;
        const snapshot = bench.actor.getPersistedSnapshot();
        // Throws where a value leads to itself, which would be searched for ever.
        JSON.stringify(snapshot);
        const flaw = findUnplain(snapshot, 'snapshot');
        if (flaw !== undefined) throw new Error(`after ${event.type} ${flaw}, which JSON does not keep`);
      });
    },
  },
  {
    name: 'what it persists holds no text of an error',
    check: ({ start, failure }) => {
      const bench = start();
      const texts = [failure, secretError].flatMap(textsOf).filter((text) => text.length >= shortestText);
      const inJson = texts.map((text) => JSON.stringify(text).slice(1, -1));
      liveThrough(bench, [failure, secretError], 6, (event) => {
        const stored = JSON.stringify(bench.actor.getPersistedSnapshot());
        if (inJson.some((text) => stored.includes(text)))
          throw new Error(
            `it does after ${event.type} (it is ${bench.state}), as part of ${placeOf(bench.context, inJson)}`,
          );
      });
    },
  },
];

/** The texts of an error and of its causes. */
function textsOf(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 3) return [];
  return [error.message, ...textsOf(error.cause, depth + 1)];
}

/** Tells what JSON would change of a value, and where; undefined where it keeps everything. */
function findUnplain(value: unknown, place: string): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${place} is ${value}`;
  if (typeof value !== 'object') return `${place} is a ${typeof value}`;
  if (Array.isArray(value)) return firstFlaw(Array.from(value, (item, index) => [`${place}[${index}]`, item]));
  if (!isPlain(value)) return `${place} is an instance of a class (${Object.prototype.toString.call(value)})`;
  // A property that is undefined is as good as none, which it becomes.
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return firstFlaw(entries.map(([key, item]) => [`${place}.${key}`, item]));
}

/** The prototype of a plain object, be it that of another realm, has none itself. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function firstFlaw(items: readonly (readonly [string, unknown])[]): string | undefined {
  for (const [place, item] of items) {
    const flaw = findUnplain(item, place);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function placeOf(context: object, texts: readonly string[]): string {
  const holds = ([, value]: readonly [string, unknown]) =>
    texts.some((text) => JSON.stringify(value ?? null).includes(text));
  return Object.entries(context).find(holds)?.[0] ?? 'the state';
}
