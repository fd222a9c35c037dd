import type { BreakerEmitted, BreakerStateName } from 'agent-circuit-breaker/machines';

/** The rules by which the naive breaker lives; durations in milliseconds. */
export interface NaiveRules {
  readonly failureThreshold: number;
  /** Undefined where failures in a row count. */
  readonly failureWindow: number | undefined;
  readonly recoveryTimeout: number;
  readonly halfOpenTrials: number;
  readonly successThreshold: number;
  readonly trialTimeout: number;
}

export type Verdict = 'succeeded' | 'failed' | 'ignored' | 'cancelled';
export type Command = 'isolate' | 'release' | 'reset' | 'trip' | 'disable' | 'enable';

/** The end of one or several calls. */
export interface End {
  readonly verdict: Verdict;
  readonly at: number;
  readonly generation: number | undefined;
  readonly trial: string | number | undefined;
  readonly count: number;
}

interface Outcome {
  readonly generation: number;
  readonly at: number;
  readonly failed: boolean;
}

/**
 * A breaker that remembers every outcome it has ever seen and works everything out anew each time it is asked. Slow
 * and simple; it shares no code with the chart.
 */
export class NaiveBreaker {
  readonly rules: NaiveRules;
  now: number;
  state: BreakerStateName = 'closed';
  generation = 0;
  recoverAt: number | null = null;
  trials: { readonly id: string | number; readonly startedAt: number }[] = [];
  /** Every trial ever started, by name. */
  readonly names: (string | number)[] = [];
  successes = 0;
  holds = 0;
  readonly outcomes: Outcome[] = [];
  readonly emitted: BreakerEmitted[] = [];

  constructor(rules: NaiveRules, now: number) {
    this.rules = rules;
    this.now = now;
  }

  get freeSlots(): number {
    return this.rules.halfOpenTrials - this.trials.length;
  }

  /** Failures in a row, newest first, since the last success of this generation. */
  get failuresInARow(): number {
    const newestFirst = this.outcomes.filter(({ generation }) => generation === this.generation).reverse();
    const success = newestFirst.findIndex(({ failed }) => !failed);
    return success < 0 ? newestFirst.length : success;
  }

  /** The instants of all failures of this generation that are at most `failureWindow` old. */
  failuresInWindow(at: number): readonly number[] {
    const { failureWindow = -1 } = this.rules;
    return this.outcomes
      .filter((outcome) => outcome.generation === this.generation && outcome.failed && at - outcome.at <= failureWindow)
      .map((outcome) => outcome.at);
  }

  end({ verdict, at, generation = this.generation, trial, count }: End): void {
    if (generation !== this.generation) return;
    if (trial !== undefined && !this.trials.some(({ id }) => id === trial)) return;
    if (this.state === 'closed') this.#count(verdict, at, count);
    if (this.state === 'halfOpen') this.#judgeTrial(verdict, at, trial, count);
  }

  start(name: string | undefined, at: number): void {
    if (this.state !== 'halfOpen' || this.freeSlots === 0) return;
    if (this.trials.some(({ id }) => id === name)) return;
    const id = name ?? this.names.length + 1;
    this.names.push(id);
    this.trials.push({ id, startedAt: at });
  }

  command(command: Command, at: number): void {
    const { state } = this;
    if (command === 'isolate' && state === 'isolated') this.holds++;
    else if (command === 'isolate') this.#enter('isolated', at);
    if (command === 'release' && state === 'isolated') {
      this.holds--;
      if (this.holds === 0) this.#enter('closed', at);
    }
    if (command === 'reset' && state === 'closed') this.generation++;
    else if (command === 'reset') this.#enter('closed', at);
    if (command === 'trip' && state !== 'open' && state !== 'isolated') this.#enter('open', at);
    if (command === 'disable' && state !== 'disabled') this.#enter('disabled', at);
    if (command === 'enable' && state === 'disabled') this.#enter('closed', at);
  }

  /** Time passes, and timers work: the wait ends at its very instant. */
  pass(ms: number): void {
    const until = this.now + ms;
    if (this.recoverAt !== null && this.recoverAt <= until) this.#enter('halfOpen', Math.max(this.now, this.recoverAt));
    this.now = until;
  }

  /** Somebody looks: what is over by now ends now. */
  look(at = this.now): void {
    if (this.recoverAt !== null && at >= this.recoverAt) this.#enter('halfOpen', at);
    this.trials = this.trials.filter(({ startedAt }) => at - startedAt < this.rules.trialTimeout);
  }

  #count(verdict: Verdict, at: number, count: number): void {
    if (verdict !== 'succeeded' && verdict !== 'failed') return;
    for (let i = 0; i < count; i++)
      this.outcomes.push({ generation: this.generation, at, failed: verdict === 'failed' });
    const failures = this.rules.failureWindow === undefined ? this.failuresInARow : this.failuresInWindow(at).length;
    if (verdict === 'failed' && failures >= this.rules.failureThreshold) this.#enter('open', at);
  }

  #judgeTrial(verdict: Verdict, at: number, trial: string | number | undefined, count: number): void {
    if (verdict === 'failed') {
      this.#enter('open', at);
      return;
    }
    const ended = verdict === 'succeeded' && trial === undefined ? count : 1;
    this.trials = trial === undefined ? this.trials.slice(ended) : this.trials.filter(({ id }) => id !== trial);
    if (verdict !== 'succeeded') return;
    this.successes += count;
    if (this.successes >= this.rules.successThreshold) this.#enter('closed', at);
  }

  #enter(to: BreakerStateName, at: number): void {
    const from = this.state;
    this.state = to;
    this.generation++;
    this.recoverAt = to === 'open' ? at + this.rules.recoveryTimeout : null;
    this.holds = to === 'isolated' ? 1 : 0;
    this.trials = [];
    this.successes = 0;
    const stamp = { name: 'breaker', at, generation: this.generation };
    this.emitted.push({ type: 'breaker.stateChanged', ...stamp, from, to });
    if (to === 'open') this.emitted.push({ type: 'breaker.opened', ...stamp, recoverAt: this.recoverAt ?? at });
    else this.emitted.push({ type: to === 'halfOpen' ? 'breaker.halfOpened' : `breaker.${to}`, ...stamp });
  }
}
