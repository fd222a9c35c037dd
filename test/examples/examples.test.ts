import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runScript } from './child.ts';

/** Every example with the lines that its story cannot do without, in their order. */
const stories: Readonly<Record<string, readonly string[]>> = {
  'quick-start': [
    'answer: Hello to you.',
    'the model fails: 503',
    'the model fails: 503',
    'the model fails: 503',
    'the breaker rejects at once: nothing is sent',
    'the breaker rejects at once: nothing is sent',
    'the circuit is open; the model was asked 4 times in 6 calls',
    'after the recovery timeout it is halfOpen: the next call is a trial',
    'answer: Hello to you.',
    'the circuit is closed',
  ],
  class: [
    'answer: At work.',
    'APIConnectionError; available: true',
    'APIConnectionError; available: false',
    'CircuitBreakerOpenError; available: false',
    'another assistant has a breaker of its own; available: true',
  ],
  decorator: [
    'cook: InternalServerError',
    'cook: InternalServerError',
    'gardener: CircuitBreakerOpenError',
    'function: InternalServerError',
    'complete is open',
  ],
  permit: [
    'read to the end; the circuit is closed',
    '  the stream broke off: the permit is disposed unsettled',
    'the circuit is open, because of a PermitNotSettledError',
    'tryAcquire() gives undefined',
    'acquire() throws: CircuitBreakerOpenError, reason open',
  ],
  sync: [
    'tool to call: search',
    'no tool call: Sure! Here is your JSON:',
    'no tool call: I cannot do that.',
    'the model does not answer in JSON any more: open, nothing is parsed',
    'after reset(), through wrapSync(): search',
    'TypeError: callSync was given a function that returns a promise. Use call for it.',
  ],
  fallback: [
    '  large model is open, so the small model is asked: What is a circuit breaker?',
    '3. A short answer from the small model.',
    '  large model is open, so the small model is asked: What is a circuit breaker?',
    '4. A short answer from the small model.',
    'the large model got 2 requests, the small one 2',
  ],
  callbacks: [
    '  onSuccess',
    '  onFailure: 503',
    '  onCallbackError: a listener of failure threw Error: the log is full',
    '  onFailure: 503',
    '  onCallbackError: a listener of failure threw Error: the log is full',
    '  closed -> open',
    '  onOpen: model, trial in 30000 ms',
    '  onReject: open, retry in 30000 ms',
    '  open -> halfOpen',
    '  onHalfOpen: model',
    '  onSuccess',
    '  halfOpen -> closed',
    '  onClose: model',
  ],
  'abort-and-timeout': [
    'ended with: the user closed the chat',
    'ended with: a faster answer was found',
    'ended with: the plan has changed',
    '3 calls given up, 0 failures: the circuit is closed',
    'missed its deadline of 100 ms',
    'missed its deadline of 100 ms',
    '2 deadlines missed, 2 failures: the circuit is open',
  ],
  'spawned-in-a-parent-machine': [
    'failing call 2: sent',
    'model: closed -> open',
    'another call: held back',
    'model: open -> halfOpen',
    'a minute later, a trial: sent',
    'beside the trial: held back',
    'model: halfOpen -> closed',
    'the agent sent 4 calls and held 2 back',
  ],
  'failure-rate': [
    'closed: 0 % have failed, 0 % were slow',
    'closed: 20 % have failed, 0 % were slow',
    '  too slow',
    'a slow answer is an answer: 44 characters',
    'closed: 33 % have failed, 17 % were slow',
    'closed: 43 % have failed, 14 % were slow',
    'open: 0 % have failed, 0 % were slow',
  ],
  recovery: [
    '0 s: closed -> open',
    '  the next trial is in 10 s',
    '10 s: halfOpen -> open',
    '  the next trial is in 30 s',
    '40 s: halfOpen -> open',
    '  the next trial is in 60 s',
    '100 s: open -> halfOpen',
    '  a share of 20 % of the calls is let through: about so many were',
    '  a share of 80 % of the calls is let through: about so many were',
    '120 s: halfOpen -> closed',
  ],
  serverless: [
    '503; the circuit is closed',
    '503; the circuit is open',
    'CircuitBreakerOpenError: Circuit "model" is open: the call was not made; the circuit is open',
    'an answer; the circuit is closed',
    '4 processes, 3 requests',
  ],
  'own-strategy': [
    'Error: books has answered 503; the circuit is closed',
    'Error: maps has answered 503; the circuit is closed',
    'Error: maps has answered 500; the circuit is closed',
    'Error: books has answered 503; the circuit is closed',
    'maps has answered; the circuit is closed',
    'Error: books has answered 503; the circuit is open',
  ],
  agent: [
    'A breaker stops calls that would fail.',
    'A breaker stops calls that would fail.',
    'A breaker stops calls that would fail.',
    'A breaker stops calls that would fail.',
    'the search is out of order; it was asked 3 times in 4 questions',
    'I cannot: model is not asked while it fails.',
    'the model is out of order; it was asked 6 times in 7 questions',
  ],
  retries: [
    'around the retries: open after 5 calls, 15 requests; the next call sends 0',
    'within them: open after 2 calls, 5 requests; the next call sends 0',
    'instead of them: open after 5 calls, 5 requests; the next call sends 0',
  ],
  anthropic: [
    'an answer: A breaker stops calls that fail. (closed)',
    'a stream: A breaker stops calls that fail. (closed)',
    'a stream that fails in the middle: overloaded_error (closed)',
    'an overloaded model: overloaded_error (open)',
    'the next question: not asked (open)',
  ],
  'ai-sdk': [
    'an answer: A breaker stops calls that fail. (closed)',
    'a stream: A breaker stops calls that fail. (closed)',
    'a stream that fails in the middle: the model has failed (closed)',
    'an overloaded model: not asked (open)',
    'the next question: not asked (open)',
    'the next stream: not asked (open)',
  ],
  'ai-sdk-failover': [
    'An answer of the large model.',
    '  switched: AI_APICallError',
    'An answer of the small model.',
    '  switched: AI_APICallError',
    'An answer of the small model.',
    '  switched: CircuitBreakerOpenError',
    'An answer of the small model.',
    'the large model was asked 3 times in 4 questions',
  ],
  'langchain-agent': [
    '   the model says: I go on without the search.',
    '   the model says: I go on without the search.',
    '3. the model hears: "search" is unavailable for the next 30 seconds and was not called. ...',
    '   the model says: I go on without the search.',
    'the search was asked 2 times; the circuit of the model is closed',
  ],
  mcp: [
    'the circuit of refuse is closed',
    'search: McpError: MCP error -32001: Request timed out',
    'search: McpError: MCP error -32001: Request timed out',
    'the circuit of search is open; it was asked 2 times',
  ],
  'agent-loop': [
    'no breaker: 20 turns of the model, 19 requests to the tool',
    'a breaker whose rejection is just another error: 20 turns of the model, 2 requests to the tool',
    'a breaker that speaks to the model: 4 turns of the model, 2 requests to the tool',
  ],
  'openai-chat': [
    'a good day: Hello to you. (closed)',
    'a mistake of ours does not count: 400 invalid_request_error (closed)',
    'an overloaded model counts: 503 server_error (closed)',
    'a quota that is used up opens the circuit at once: 429 insufficient_quota (open)',
    'and keeps it open for longer than the usual wait: not asked, for 900 s (open)',
    'last failure: quota',
  ],
  'openai-stream': [
    'whole: "A breaker stops calls that fail."',
    '  a failure: StreamInterruptedError',
    'cut off, which no client tells: "A breaker"',
    '  a failure: CallTimeoutError',
    'stalled: "A breaker" and then CallTimeoutError',
    'stopped, which is no failure: "A breaker" and then the user has pressed stop',
    'the circuit is closed, with 2 failures in a row',
  ],
  attach: [
    'answer: Hello.',
    'model has opened',
    'the facade says open, the actor says "open"',
    'after an event to the actor the facade says closed',
    'when the parent has stopped, the facade says stopped',
  ],
};

const runner = 'examples/run.ts';

describe('the examples', () => {
  // All of them run at once, each as a process of its own.
  it.concurrent.each(Object.entries(stories))(
    '%s tells its story and ends well',
    { timeout: 90_000 },
    async (name, story) => {
      const { code, stdout, stderr } = await runScript(runner, name);
      const lines = stdout.split('\n');
      expect(stderr).toBe('');
      expect(lines.filter((line) => story.includes(line))).toEqual(story);
      expect(code).toBe(0);
    },
  );

  it('are all known to this test', async () => {
    const files = await readdir(new URL('../../examples/', import.meta.url));
    const names = files.filter((file) => file.endsWith('.ts') && file !== 'run.ts').map((file) => file.slice(0, -3));
    expect(names.sort()).toEqual(Object.keys(stories).sort());
  });

  it.concurrent('are listed with a headline each where no name is given', async () => {
    const { code, stdout } = await runScript(runner);
    expect(code).toBe(0);
    for (const name of Object.keys(stories)) expect(stdout).toMatch(new RegExp(`^ {2}${name} +[A-Z].+\\.$`, 'm'));
  });

  it.concurrent.each(['run', '../src/index'])('are listed after an unknown name: %s', async (name) => {
    const { code, stdout, stderr } = await runScript(runner, name);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`There is no example "${name}".`);
    expect(stderr).toContain('quick-start');
  });
});
