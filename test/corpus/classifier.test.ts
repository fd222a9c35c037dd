import { describe, expect, it } from 'vitest';
import { classifyModelError, modelCalls } from '../../src/llm.ts';
import { answers, type CaseAnswer, classificationOf, corpus, counts, present } from './corpus.ts';
import { createCaseBreaker, outcomeOf } from './outcome.ts';

const now = () => present;

/** The error that a client makes of an answer, as most do. */
function errorOf({ status, headers, body, chunks }: CaseAnswer): Error {
  const isEnvelope = typeof body === 'object' && body !== null && 'error' in body;
  const error = isEnvelope ? body.error : body;
  const response = { status, headers: new Headers({ date: new Date(present).toUTCString(), ...headers }), error };
  return Object.assign(new Error(`${status} ${chunks?.join('') ?? JSON.stringify(body)}`), response);
}

const thrown = corpus.filter((one) => one.thrown !== undefined);
const failed = answers.filter(({ answer }) => answer.status >= 400);
const told = answers.filter(
  // An array is none that a client returns.
  ({ answer }) => answer.status < 400 && answer.body !== undefined && !Array.isArray(answer.body),
);

describe('the classifier', () => {
  it.each(thrown)('S-97 judges what a client throws: $name', (one) => {
    const { message, ...fields } = one.thrown ?? {};
    const error = Object.assign(new Error(`${message}`), fields);
    expect(classifyModelError(error, { now })).toMatchObject(classificationOf(one));
    expect(classifyModelError(one.thrown, { now })).toMatchObject(classificationOf(one));
    expect(classifyModelError(new Error('any', { cause: error }), { now })).toMatchObject(classificationOf(one));
  });

  it.each(failed)('S-97 judges the error of an answer: $name', (one) => {
    expect(classifyModelError(errorOf(one.answer), { now })).toMatchObject(classificationOf(one));
  });

  it.each(failed.filter(({ answer }) => answer.body !== undefined))(
    'S-97 judges a message that has all of it: $name',
    (one) => {
      const { status, body } = one.answer;
      const { kind } = one.judged;
      expect(classifyModelError(`${status} ${JSON.stringify(body)}`, { now })).toMatchObject({ kind });
    },
  );

  it.each(told)('S-97 judges an answer that a call returned: $name', (one) => {
    const breaker = createCaseBreaker();
    breaker.callSync(() => one.answer.body);
    expect(outcomeOf(breaker)).toMatchObject({ failures: Number(counts(one)) });
    if (one.judged.outcome) return;
    expect(modelCalls({ now, jitter: 0 }).classifyError(one.answer.body)).toMatchObject(classificationOf(one));
  });
});
