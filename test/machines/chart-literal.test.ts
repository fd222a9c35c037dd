import { readdirSync, readFileSync } from 'node:fs';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { leaves } from './running-breaker.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A state of the literal, with what it is called from the root and the keys of its siblings. */
interface LiteralState {
  readonly path: readonly string[];
  readonly config: Fields;
  readonly siblings: readonly string[];
}

const { config, implementations } = circuitBreakerMachine;
const root: LiteralState = { path: [], config: fieldsOf(config), siblings: [] };
const states = [root, ...statesIn(root)];
const nested = states.filter(({ path }) => path.length > 0);
const transitions = states.flatMap(({ path, config: state, siblings }) =>
  [
    ...Object.entries(fieldsOf(state.on)),
    ...Object.entries(fieldsOf(state.after)),
    ...(state.always ? [['always', state.always] as const] : []),
  ].flatMap(([trigger, candidates]) =>
    [candidates].flat().map((candidate) => ({
      title: `${path.join('.')} on ${trigger}`,
      siblings,
      fields: typeof candidate === 'string' ? { target: candidate } : fieldsOf(candidate),
    })),
  ),
);

describe.each(['guards', 'actions', 'delays'] as const)('%s', (kind) => {
  const used = {
    guards: transitions.map(({ fields }) => fields.guard),
    actions: [
      ...transitions.map(({ fields }) => fields.actions),
      ...states.map(({ config: state }) => [state.entry, state.exit]),
    ],
    delays: states.flatMap(({ config: state }) => Object.keys(fieldsOf(state.after))),
  }[kind]
    .flat(3)
    .filter((reference) => reference !== undefined);

  it('are named by strings, with parameters at most', () => {
    expect(used.length).toBeGreaterThan(1);
    for (const reference of used)
      if (typeof reference !== 'string') {
        expect(Object.keys(fieldsOf(reference)).sort()).toEqual(['params', 'type']);
        expect(typeof fieldsOf(reference).type).toBe('string');
      }
  });

  it('are implemented, each of them', () => {
    const names = new Set(
      used.map((reference) => (typeof reference === 'string' ? reference : fieldsOf(reference).type)),
    );
    const implemented = Object.keys(implementations[kind] ?? {});
    expect([...names].filter((name) => !implemented.includes(String(name)))).toEqual([]);
  });
});

describe('the literal', () => {
  it('holds no function but the one that makes its context', () => {
    expect(functionsIn(root.config)).toEqual(['context']);
  });

  it('has nothing that a static reader cannot follow: no spread, no computed key, no inline function', () => {
    const folder = new URL('../../machines/', import.meta.url);
    const charts = readdirSync(folder).filter((file) => file.endsWith('.machine.ts'));
    expect(charts).toContain('circuit-breaker.machine.ts');
    for (const file of charts) {
      const literal = readFileSync(new URL(file, folder), 'utf8').split('.createMachine(')[1] ?? '';
      expect(literal).toContain('states: {');
      expect(literal).not.toMatch(/\.\.\.|=>|\bfunction\b|^\s*\[[^\]]*\]:|`/m);
    }
  });

  it('nests at most two levels, and describes every state', () => {
    expect(nested.map(({ path }) => path.length).filter((depth) => depth > 2)).toEqual([]);
    for (const { path, config: state } of states)
      expect([path.join('.'), typeof state.description === 'string' && state.description.endsWith('.')]).toEqual([
        path.join('.'),
        true,
      ]);
  });

  it('has the leaves that the table has, and no final, parallel or history states', () => {
    const found = nested.filter(({ config: state }) => !state.states).map(({ path }) => path.join('.'));
    expect(found.sort()).toEqual([...leaves].sort());
    expect(states.filter(({ config: state }) => state.type !== undefined)).toEqual([]);
  });

  it('targets siblings, substates or states of the top level, and starts in states that exist', () => {
    const known = nested.flatMap(({ path }) => (path.length === 1 ? [`#breaker.${path[0]}`] : [`.${path.at(-1)}`]));
    const ofRoot = nested.map(({ path }) => `.${path.join('.')}`);
    for (const { title, fields, siblings } of transitions)
      if (fields.target !== undefined)
        expect([
          title,
          [...siblings, ...known, ...(siblings.length === 0 ? ofRoot : [])].includes(String(fields.target)),
        ]).toEqual([title, true]);
    for (const { config: state } of states)
      if (state.states) expect(Object.keys(fieldsOf(state.states))).toContain(state.initial);
  });

  it('says why wherever an event that it names is ignored', () => {
    const silent = transitions.filter(({ fields }) => !fields.target && !fields.actions && !fields.description);
    expect(silent.map(({ title }) => title)).toEqual([]);
  });

  it('tells by the entry and the exit of every state of the top level, which name it, and invokes nothing', () => {
    for (const { path, config: state } of nested) {
      const [name] = path.length === 1 ? path : [];
      const told = [state.entry].flat().filter((action) => fieldsOf(action).type === 'announce');
      expect(told).toEqual(name === undefined ? [] : [{ type: 'announce', params: { state: name } }]);
      expect(state.exit).toEqual(name === undefined ? undefined : { type: 'leave', params: { state: name } });
      expect(state.invoke).toBeUndefined();
    }
  });

  it('gives every leaf exactly one of the tags admitting and rejecting', () => {
    for (const { path, config: state } of nested) {
      if (state.states) continue;
      const parent = nested.find((other) => other.path.length === 1 && other.path[0] === path[0]);
      const inherited = path.length > 1 ? parent?.config.tags : [];
      const verdicts = [state.tags, inherited].flat(2).filter((tag) => tag === 'admitting' || tag === 'rejecting');
      expect([path.join('.'), verdicts.length]).toEqual([path.join('.'), 1]);
    }
  });

  it('names its states by adjectives in camelCase and its events noun first', () => {
    for (const { path } of nested) expect(path.at(-1)).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
    const events = states.flatMap(({ config: state }) => Object.keys(fieldsOf(state.on)));
    const own = events.filter((event) => event !== 'xstate.error.actor.fleet');
    for (const event of own)
      expect(event).toMatch(/^(calls?|trial|lease|recovery|breaker|fleet)\.[a-z]+([A-Z][a-z]+)*$/);
  });
});

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function statesIn({ path, config: state }: LiteralState): readonly LiteralState[] {
  const children = Object.entries(fieldsOf(state.states));
  const siblings = children.map(([key]) => key);
  return children.flatMap(([key, child]) => {
    const literal = { path: [...path, key], config: fieldsOf(child), siblings };
    return [literal, ...statesIn(literal)];
  });
}

function functionsIn(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'function') return [path];
  return Object.entries(fieldsOf(value)).flatMap(([key, field]) => functionsIn(field, path ? `${path}.${key}` : key));
}
