import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { endOf } from '../../../src/ai-sdk/finish-reason.ts';
import { guardAnswer } from '../../../src/ai-sdk/guard-answer.ts';

describe('how an answer of the AI SDK ended', () => {
  it.each([
    [{ unified: 'error', raw: 'error' }, 'failed'],
    [{ unified: 'other', raw: 'network_error' }, 'failed'],
    [{ unified: 'other', raw: 'insufficient_system_resource' }, 'failed'],
    [{ unified: 'other', raw: 'pause' }, 'whole'],
    [{ unified: 'other', raw: undefined }, 'interrupted'],
    [{ unified: 'stop', raw: 'stop' }, 'whole'],
    [{ unified: 'length', raw: 'max_tokens' }, 'whole'],
    ['error', 'failed'],
    ['stop', 'whole'],
  ] as const)(
    'S-97 is known by its finish reason, also by the own one of the vendor: %j is %s',
    (finishReason, end) => {
      expect(endOf({ finishReason })).toBe(end);
    },
  );
});

describe('a breaker without a classifier around a model of the AI SDK', () => {
  it.each([
    ['an error in a choice', { choices: [{ error: { code: 502, message: 'down' } }] }, { failures: 1, successes: 0 }],
    ['nothing of the kind', { choices: [{ finish_reason: 'stop' }] }, { failures: 0, successes: 1 }],
  ])('S-97 counts what the body tells of the answer, which reaches its caller: %s', async (_title, body, outcome) => {
    const breaker = createBreaker();
    const answer = { content: [], finishReason: { unified: 'stop', raw: 'stop' }, response: { body } };
    const model = { doGenerate: async () => answer };
    expect(await guardAnswer(breaker, model.doGenerate, {}, undefined)).toBe(answer);
    expect(breaker.metrics()).toMatchObject(outcome);
  });
});
