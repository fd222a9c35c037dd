import type { BreakerEmitted, BreakerStateName, ChangeCause, WindowCounts } from 'agent-circuit-breaker/machines';

/** The rules by which the naive breaker lives; durations in milliseconds. */
export interface NaiveRules {
  readonly failureThreshold: number;
  /** Undefined where failures in a row count. */
  readonly failureWindow: number | undefined;
  /** The rate of the last `windowSize` calls; undefined where no rate is judged. */
  readonly failureRateThreshold: number | undefined;
  readonly minimumCalls: number | undefined;
  readonly windowSize: number | undefined;
  readonly slowCallThreshold: number | undefined;
  readonly recoveryBackoff: { readonly factor: number; readonly maxRecoveryTimeout: number } | undefined;
  readonly recoveryRamp: { readonly steps: number; readonly stepDuration: number } | undefined;
  readonly recoveryTimeout: number;
  readonly halfOpenTrials: number;
  readonly successThreshold: number;
  readonly trialFailureThreshold: number;
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
  readonly duration: number | undefined;
  /** The wait that a failure asks for. */
  readonly openFor: number | undefined;
  readonly openNow: boolean | undefined;
}

/** What a failure asks for beside being counted. */
interface Wish {
  readonly openNow: boolean;
  readonly openFor: End['openFor'];
  readonly by: 'failures' | 'slowCalls';
}

interface Outcome {
  readonly generation: number;
  readonly at: number;
  readonly failed: boolean;
  readonly slow: boolean;
}

/** A trial that has not ended. */
interface NaiveTrial {
  readonly id: string | number;
  readonly startedAt: number;
  /** Somebody has looked at a time when its lease was over. */
  isOver: boolean;
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
  waitMs: number | null = null;
  rampStartedAt: number | null = null;
  reopenings = 0;
  /** In the order in which they started. */
  outstanding: NaiveTrial[] = [];
  hasStartedTrials = false;
  /** What had been counted when the circuit opened. */
  opening: WindowCounts | null = null;
  /** Every trial ever started, by name. */
  readonly names: (string | number)[] = [];
  successes = 0;
  trialFailures = 0;
  holds = 0;
  readonly outcomes: Outcome[] = [];
  readonly emitted: BreakerEmitted[] = [];

  constructor(rules: NaiveRules, now: number) {
    this.rules = rules;
    this.now = now;
  }

  /** The trials that hold a slot. */
  get running(): readonly NaiveTrial[] {
    return this.outstanding.filter(({ isOver }) => !isOver);
  }

  get freeSlots(): number {
    return this.rules.halfOpenTrials - this.running.length;
  }

  /** How the last `windowSize` calls of this generation ended, the latest last. */
  get lastCalls(): readonly boolean[] {
    return this.#window.map(({ failed }) => failed);
  }

  get #window(): readonly Outcome[] {
    const own = this.outcomes.filter(({ generation }) => generation === this.generation);
    return own.slice(-(this.rules.windowSize ?? own.length));
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

  end({ verdict, at, generation = this.generation, trial, count, duration, openFor, openNow = false }: End): void {
    // A late failure may still know of a longer wait.
    if (this.state === 'open' && verdict === 'failed' && at + Number(openFor) > Number(this.recoverAt))
      this.#waitFrom(at, openFor);
    if (generation !== this.generation) return;
    if (trial !== undefined && !this.outstanding.some(({ id }) => id === trial)) return;
    if (trial === undefined && this.hasStartedTrials && this.outstanding.length === 0) return;
    const isSlow = duration !== undefined && duration > (this.rules.slowCallThreshold ?? Number.POSITIVE_INFINITY);
    const judged = verdict === 'succeeded' && isSlow ? 'failed' : verdict;
    const wish = { openNow, openFor, by: isSlow && verdict === 'succeeded' ? 'slowCalls' : 'failures' } as const;
    if (this.state === 'closed') this.#count(judged, at, count, isSlow, wish);
    else if (this.state === 'halfOpen' && at < this.rampEndsAt) this.#judgeTrial(judged, at, trial, count, wish);
  }

  start(name: string | undefined, at: number, lot: number): void {
    if (this.state !== 'halfOpen') return;
    const isOver = at >= this.rampEndsAt;
    if (isOver) this.#enter('closed', at, 'ramp');
    if (isOver || (this.rampStartedAt === null && this.freeSlots === 0)) return;
    const id = name ?? this.names.length + 1;
    const isLetThrough = this.rampStartedAt === null || lot < this.#share(at - this.rampStartedAt);
    if (this.outstanding.some((trial) => trial.id === name)) return;
    this.names.push(id);
    if (!isLetThrough) return;
    this.hasStartedTrials = true;
    this.outstanding.push({ id, startedAt: at, isOver: false });
  }

  command(command: Command, at: number): void {
    const { state } = this;
    if (command === 'isolate' && state === 'isolated') this.holds++;
    else if (command === 'isolate') this.#enter('isolated', at, command);
    if (command === 'release' && state === 'isolated') {
      this.holds--;
      if (this.holds === 0) this.#enter('closed', at, command);
    }
    if (command === 'reset' && state === 'closed') this.generation++;
    else if (command === 'reset') this.#enter('closed', at, command);
    if (command === 'trip' && state !== 'open' && state !== 'isolated') this.#enter('open', at, command);
    if (command === 'disable' && state !== 'disabled') this.#enter('disabled', at, command);
    if (command === 'enable' && state === 'disabled') this.#enter('closed', at, command);
  }

  /** Time passes, and timers work: the wait ends at its very instant. */
  pass(ms: number): void {
    const until = this.now + ms;
    if (this.recoverAt !== null && this.recoverAt <= until)
      this.#enter('halfOpen', Math.max(this.now, this.recoverAt), 'time');
    if (this.rampEndsAt <= until) this.#enter('closed', Math.max(this.now, this.rampEndsAt), 'ramp');
    this.now = until;
  }

  /** Somebody says that something is over: only that is looked at. */
  hear(what: 'recovery.elapsed' | 'trial.expired', at: number): void {
    const isWaiting = this.state === 'open' || this.rampStartedAt !== null;
    if (what === 'recovery.elapsed' && isWaiting) this.#lookAtWaits(at);
    if (what === 'trial.expired' && this.state === 'halfOpen') this.#lookAtTrials(at);
  }

  /** Somebody looks: what is over by now ends now. */
  look(at = this.now): void {
    this.#lookAtWaits(at);
    this.#lookAtTrials(at);
  }

  #lookAtWaits(at: number): void {
    if (this.recoverAt !== null && at >= this.recoverAt) this.#enter('halfOpen', at, 'time');
    if (at >= this.rampEndsAt) this.#enter('closed', at, 'ramp');
  }

  #lookAtTrials(at: number): void {
    for (const trial of this.outstanding) trial.isOver ||= at - trial.startedAt >= this.rules.trialTimeout;
  }

  #count(verdict: Verdict, at: number, count: number, isSlow: boolean, wish: Wish): void {
    if (verdict !== 'succeeded' && verdict !== 'failed') return;
    const failed = verdict === 'failed';
    for (let i = 0; i < count; i++)
      this.outcomes.push({ generation: this.generation, at, failed, slow: failed && isSlow });
    if (!failed) return;
    const opens = this.#hasToOpen(at);
    if (wish.openNow && wish.by === 'failures') this.#enter('open', at, 'atOnce', wish.openFor);
    else if (opens) this.#enter('open', at, wish.by, wish.openFor);
  }

  #hasToOpen(at: number): boolean {
    const { failureRateThreshold, minimumCalls = 10, failureWindow, failureThreshold } = this.rules;
    const { lastCalls } = this;
    if (failureRateThreshold !== undefined)
      return (
        lastCalls.length >= minimumCalls && lastCalls.filter(Boolean).length / lastCalls.length >= failureRateThreshold
      );
    return (failureWindow === undefined ? this.failuresInARow : this.failuresInWindow(at).length) >= failureThreshold;
  }

  /** When the ramp is over; never, where there is none. */
  get rampEndsAt(): number {
    const { recoveryRamp } = this.rules;
    if (this.rampStartedAt === null || recoveryRamp === undefined) return Number.POSITIVE_INFINITY;
    return this.rampStartedAt + recoveryRamp.steps * recoveryRamp.stepDuration;
  }

  /** Step k of n lets k / (n + 1) of the calls through. */
  #share(elapsed: number): number {
    const { steps = 0, stepDuration = 1 } = this.rules.recoveryRamp ?? {};
    let step = 1;
    while (step <= steps && elapsed >= step * stepDuration) step++;
    return step / (steps + 1);
  }

  #waitFrom(at: number, wait: number = this.#usualWait): void {
    this.waitMs = wait;
    this.recoverAt = at + wait;
  }

  /** Each failed trial makes the next wait longer. */
  get #usualWait(): number {
    const { factor = 1, maxRecoveryTimeout = Number.POSITIVE_INFINITY } = this.rules.recoveryBackoff ?? {};
    let wait = this.rules.recoveryTimeout;
    for (let failed = 0; failed < this.reopenings; failed++) wait *= factor;
    return Math.min(wait, maxRecoveryTimeout);
  }

  #judgeTrial(verdict: Verdict, at: number, trial: End['trial'], count: number, wish: Wish): void {
    const hasVerdict = verdict === 'succeeded' || verdict === 'failed';
    const ended = hasVerdict && trial === undefined ? count : 1;
    this.outstanding =
      trial === undefined ? this.outstanding.slice(ended) : this.outstanding.filter(({ id }) => id !== trial);
    if (verdict === 'failed') {
      this.trialFailures += count;
      if (!wish.openNow && this.trialFailures < this.rules.trialFailureThreshold) return;
      this.reopenings++;
      this.#enter('open', at, 'trial', wish.openFor);
      return;
    }
    if (verdict !== 'succeeded') return;
    this.successes += count;
    if (this.rampStartedAt !== null || this.successes < this.rules.successThreshold) return;
    if (this.rules.recoveryRamp === undefined) this.#enter('closed', at, 'trial');
    else this.rampStartedAt = at;
  }

  /** What has been counted in this generation, up to now. */
  get #counts(): WindowCounts {
    const window = this.#window;
    const calls = window.length;
    const failures = window.filter(({ failed }) => failed).length;
    const slow = window.filter((outcome) => outcome.slow).length;
    const rate = (part: number) => (calls === 0 ? 0 : part / calls);
    const rates = { failureRate: rate(failures), slowRate: rate(slow) };
    return { calls, failures, slow, ...rates, consecutiveFailures: this.failuresInARow };
  }

  get #threshold() {
    const { failureRateThreshold, failureThreshold } = this.rules;
    if (failureRateThreshold !== undefined)
      return { option: 'failureRateThreshold', value: failureRateThreshold } as const;
    return { option: 'failureThreshold', value: failureThreshold } as const;
  }

  #enter(to: BreakerStateName, at: number, by: ChangeCause, openFor?: number): void {
    const from = this.state;
    if (to === 'open') this.opening ??= this.#counts;
    else if (to !== 'halfOpen') this.opening = null;
    this.state = to;
    this.generation++;
    if (to !== 'open' && to !== 'halfOpen') this.reopenings = 0;
    this.recoverAt = null;
    this.waitMs = null;
    if (to === 'open') this.#waitFrom(at, openFor);
    this.rampStartedAt = null;
    this.holds = to === 'isolated' ? 1 : 0;
    this.outstanding = [];
    this.hasStartedTrials = false;
    this.successes = 0;
    this.trialFailures = 0;
    const stamp = { name: 'breaker', at, generation: this.generation, by };
    this.emitted.push({ type: 'breaker.stateChanged', ...stamp, from, to });
    if (to !== 'open')
      this.emitted.push({ type: to === 'halfOpen' ? 'breaker.halfOpened' : `breaker.${to}`, ...stamp });
    else if (this.recoverAt !== null && this.opening !== null)
      this.emitted.push({
        type: 'breaker.opened',
        ...stamp,
        recoverAt: this.recoverAt,
        counts: this.opening,
        threshold: this.#reached(by),
      });
  }

  #reached(by: ChangeCause) {
    if (by === 'trial') return { option: 'trialFailureThreshold', value: this.rules.trialFailureThreshold } as const;
    return by === 'failures' || by === 'slowCalls' ? this.#threshold : null;
  }
}
