import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pathOf, readPaper } from './readme-text.ts';

const readPeer = (file: string) => readFileSync(pathOf(`node_modules/${file}`), 'utf8');
const matchesOf = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name = '']) => name));

/** Which of some names a paper does not have. */
function missingIn(paper: string, names: Iterable<string>): readonly string[] {
  const text = readPaper(paper);
  return [...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
}

describe('the page for those who come from opossum', () => {
  const source = readPeer('opossum/lib/circuit.js');
  const paper = 'examples/coming-from-opossum.md';

  it('has every option', () => {
    const options = matchesOf(source, /@param \{[^}]+\} options\.(\w+)/g);
    expect(options.size).toBeGreaterThan(20);
    expect(missingIn(paper, options)).toEqual([]);
  });

  it('has every event', () => {
    const events = matchesOf(source, /@event CircuitBreaker#(\w+)/g);
    expect(events.size).toBeGreaterThan(10);
    expect(missingIn(paper, events)).toEqual([]);
  });

  it('has every method', () => {
    const methods = matchesOf(source, /^ {2}(?:static |get )?([a-z]\w+) \(.*\) \{$/gm);
    const known = [...methods].filter(
      (name) => !['if', 'constructor', 'newStatus', 'enabled', 'volumeThreshold'].includes(name),
    );
    expect(known.length).toBeGreaterThan(15);
    expect(missingIn(paper, known)).toEqual([]);
  });
});

describe('the page for those who come from cockatiel', () => {
  const paper = 'examples/coming-from-cockatiel.md';
  const policy = readPeer('cockatiel/dist/CircuitBreakerPolicy.d.ts');

  it('has every option, event and method of its circuit breaker', () => {
    const [, options = ''] = /interface ICircuitBreakerOptions \{(.*?)^\}/ms.exec(policy) ?? [];
    const [, members = ''] = /class CircuitBreakerPolicy [^{]*\{(.*)^\}/ms.exec(policy) ?? [];
    const names = [
      ...matchesOf(options, /^ {4}(\w+)\??:/gm),
      ...matchesOf(members, /^ {4}(?:readonly |get )?([a-z]\w+)(?:<\w+>)?(?::|\()/gm),
    ].filter((name) => name !== 'constructor');
    expect(names).toEqual(expect.arrayContaining(['halfOpenAfter', 'onBreak', 'execute', 'isolate', 'toJSON']));
    expect(missingIn(paper, names)).toEqual([]);
  });

  it('has every way of counting, with its options', () => {
    const files = readdirSync(pathOf('node_modules/cockatiel/dist/breaker')).filter((file) =>
      /Breaker\.d\.ts$/.test(file),
    );
    const kinds = files.map((file) => file.slice(0, -'.d.ts'.length)).filter((name) => name !== 'Breaker');
    const declarations = files.map((file) => readPeer(`cockatiel/dist/breaker/${file}`)).join('');
    const interfaces = [...declarations.matchAll(/interface \w+Options \{(.*?)^\}/gms)]
      .map(([, body]) => body)
      .join('');
    const names = [...kinds, ...matchesOf(interfaces, /^ {4}(\w+)\??:/gm)];
    expect(names).toEqual(expect.arrayContaining(['SamplingBreaker', 'minimumRps', 'minimumNumberOfCalls']));
    expect(missingIn(paper, names)).toEqual([]);
  });
});
