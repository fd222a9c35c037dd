/** What the story needs of the package, however it was loaded. */
export interface Loaded {
  readonly main: typeof import('agent-circuit-breaker');
  readonly llm: typeof import('agent-circuit-breaker/llm');
}

/** One breaker's life on the clock of the platform: it opens, rejects, tries and closes again. */
export async function tellStory(loaded: Loaded): Promise<Record<string, unknown>> {
  // The timers of a breaker keep no process alive.
  const keepAlive = setInterval(() => {}, 1000);
  try {
    return await liveThrough(loaded);
  } finally {
    clearInterval(keepAlive);
  }
}

async function liveThrough({ main, llm }: Loaded): Promise<Record<string, unknown>> {
  const { CallTimeoutError, CircuitBreakerOpenError, createBreaker } = main;
  // A machine that is busy may take its time over a trial.
  const waits = { recoveryTimeout: 20, trialTimeout: 60_000 };
  const breaker = createBreaker({ name: 'model', failureThreshold: 2, ...waits, ...llm.modelCalls() });
  const states: string[] = [breaker.state];
  breaker.on('stateChange', (_from, to) => states.push(to));
  const halfOpen = new Promise<void>((resolve) => {
    breaker.on('halfOpen', () => resolve());
  });

  const overloaded = () => Promise.reject(Object.assign(new Error('Overloaded'), { status: 529 }));
  for (let count = 0; count < 2; count++) await breaker.call(overloaded).catch(() => {});
  const rejected = await breaker.call(overloaded).catch((error: unknown) => error);
  const { lastFailure } = breaker.metrics();
  await halfOpen;
  const trial = await breaker.run(async ({ signal }) => `answer, ${signal.aborted}`, { timeout: 1000 });
  const late = await breaker.run(() => new Promise(() => {}), { timeout: 5 }).catch((error: unknown) => error);
  const items: number[] = [];
  for await (const item of breaker.stream(numbers)) items.push(item);
  return {
    states,
    rejected: CircuitBreakerOpenError.isInstance(rejected) && rejected.reason,
    kind: lastFailure?.kind,
    trial,
    late: CallTimeoutError.isInstance(late) && late.timeoutMs,
    items,
  };
}

async function* numbers(): AsyncGenerator<number> {
  yield* [1, 2, 3];
}
