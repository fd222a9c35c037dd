// Loads every entry, by `import` and by `require`, and tells what loading did besides.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const deeds = [];
const watch = (object, name) => {
  const original = object[name];
  object[name] = (...args) => {
    deeds.push(name);
    return original.apply(object, args);
  };
};
for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']) watch(globalThis, name);
for (const name of ['log', 'info', 'warn', 'error', 'debug']) watch(console, name);
for (const name of ['on', 'once', 'addListener', 'emitWarning']) watch(process, name);
const globalsBefore = new Set(Reflect.ownKeys(globalThis));
const traceLimitBefore = Error.stackTraceLimit;

// What the peer does by itself is no deed of the package.
await import('xstate');
require('xstate');
deeds.length = 0;
const entries = ['ai-sdk', 'anthropic', 'fetch', 'inspect', 'llm', 'machines', 'mcp', 'redis', 'testing'];
for (const entry of ['agent-circuit-breaker', ...entries.map((name) => `agent-circuit-breaker/${name}`)]) {
  await import(entry);
  require(entry);
}

const newGlobals = Reflect.ownKeys(globalThis).filter((key) => !globalsBefore.has(key));
const timers = process.getActiveResourcesInfo().filter((kind) => /timeout|immediate/i.test(kind));
const seen = { deeds: [...deeds], newGlobals, timers, isTraceLimitKept: Error.stackTraceLimit === traceLimitBefore };
process.stdout.write(JSON.stringify(seen));
