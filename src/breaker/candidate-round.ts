import type { FailureJudgement } from '../machine/judge-error.ts';
import type { BreakerClock } from '../platform/clock.ts';
import { UserCode } from '../platform/user-code.ts';
import type { LeftCandidate, SwitchOptions } from './failover-options.ts';
import { isRejected, waitOf } from './rejection-in.ts';
import { pause, retryPauseOf } from './retry-pause.ts';

/** What a round has to know of a candidate. */
export interface CandidateCircuit {
  /** Whether no call gets through before time has passed. */
  readonly isShut: boolean;
  readonly clock: BreakerClock;
  judge(error: unknown): FailureJudgement;
}

/** How a call is made with one candidate after the other. */
export interface RoundOptions<C> extends Omit<SwitchOptions<C>, 'allOpen'> {
  /** The circuit that a candidate's last call was to pass. */
  readonly circuitOf: (candidate: C) => CandidateCircuit;
  /** What ends the call, whoever else there is. */
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Whether an error has nothing to do with the candidate. */
  readonly isFinal?: ((error: unknown) => boolean) | undefined;
}

/** What is made of an error. */
interface Verdict {
  readonly error: unknown;
  readonly judgement: FailureJudgement;
  readonly isRejection: boolean;
  /** How long to wait until the same candidate is asked again; undefined where it is not. */
  readonly pauseMs: number | undefined;
  /** Whether the next candidate is asked; undefined where nobody has been asked yet. */
  isSwitch?: boolean;
}

/** One of the candidates; in an object of its own, since it may be undefined itself. */
interface Place<C> {
  readonly candidate: C;
}

/** Kinds that do not count, since the candidate is not ill, but that another one may not share. */
const kindsOfCandidate: readonly unknown[] = ['modelNotFound', 'permission', 'contextLength'];

/** Makes a call with one candidate after the other, until one serves. */
export class CandidateRound<C> {
  readonly #places: readonly Place<C>[];
  readonly #options: RoundOptions<C>;
  readonly #userCode = new UserCode(undefined);
  readonly #left: LeftCandidate<C>[] = [];
  #index = 0;
  #attempts = 0;
  #retries = 0;
  /** Whether the present candidate's call has been counted already. */
  #isServing = false;
  #failure: { readonly error: unknown } | undefined;
  /** The last one, so that nobody is asked twice about an error. */
  #verdict: Verdict | undefined;

  constructor(candidates: readonly C[], options: RoundOptions<C>) {
    if (candidates.length === 0) throw new TypeError('failover wants at least one candidate, but was given none.');
    this.#places = candidates.map((candidate) => ({ candidate }));
    this.#options = options;
  }

  /**
   * Asks the present candidate, and others after it.
   *
   * @param probe - What is done past the circuit that recovers first, where none admitted the call.
   * @returns The first result.
   * @throws The last error of a candidate that was asked.
   */
  async serve<R>(
    attempt: (candidate: C) => PromiseLike<R>,
    probe: (candidate: C, rejection: unknown) => PromiseLike<R>,
  ): Promise<R> {
    for (let place = this.#place(); place; place = this.#place()) {
      try {
        const result = await attempt(place.candidate);
        this.#tellServed(place.candidate);
        return result;
      } catch (error) {
        await this.leave(error);
      }
    }
    const [first] = [...this.#left].sort((a, b) => waitOf(a.error) - waitOf(b.error));
    if (this.#failure || first === undefined) throw this.#failure?.error;
    const result = await probe(first.candidate, first.error);
    this.#tellServed(first.candidate);
    return result;
  }

  /** Whether the call goes on after an error of the present candidate. */
  goesOnAfter(error: unknown): boolean {
    const verdict = this.#judge(error);
    return verdict.pauseMs !== undefined || this.#isSwitch(verdict);
  }

  /** Gets ready for the next call after an error: with the same candidate, or the next one. Throws where there is to be none. */
  async leave(error: unknown): Promise<void> {
    const verdict = this.#judge(error);
    const { isRejection, pauseMs, judgement } = verdict;
    this.#verdict = undefined;
    const from = this.#place();
    if (!isRejection) {
      if (!this.#isServing) this.#attempts++;
      this.#failure = { error };
    }
    this.#isServing = false;
    if (from === undefined || this.#isFinal(error)) throw error;
    if (pauseMs !== undefined && (await this.#isWorthAnother(from.candidate, pauseMs))) return;
    const next = this.#place(1);
    if (next ? !this.#isSwitch(verdict) : !isRejection) throw error;
    this.#left.push({ candidate: from.candidate, error, kind: judgement.kind });
    this.#index++;
    this.#retries = 0;
    const { onSwitch } = this.#options;
    if (next && onSwitch)
      this.#userCode.run('onSwitch', () =>
        onSwitch({ type: 'failover.switched', from: from.candidate, to: next.candidate, error }),
      );
  }

  #place(ahead = 0): Place<C> | undefined {
    return this.#places[this.#index + ahead];
  }

  #isFinal(error: unknown): boolean {
    const { signals, isFinal } = this.#options;
    return signals.some((signal) => signal?.aborted) || isFinal?.(error) === true;
  }

  /** Waits; false where the same candidate is not to be asked again after all. */
  async #isWorthAnother(candidate: C, pauseMs: number): Promise<boolean> {
    const { circuitOf, signals } = this.#options;
    const circuit = circuitOf(candidate);
    this.#retries++;
    await pause(circuit.clock, pauseMs, signals);
    for (const signal of signals) if (signal?.aborted) throw signal.reason;
    return !circuit.isShut;
  }

  #judge(error: unknown): Verdict {
    const known = this.#verdict;
    if (known && known.error === error) return known;
    const verdict = this.#judgeAnew(error);
    this.#verdict = verdict;
    return verdict;
  }

  #judgeAnew(error: unknown): Verdict {
    const { circuitOf, retries = 0 } = this.#options;
    const place = this.#place();
    const isRejection = isRejected(error);
    const rejected = { error, judgement: { counts: false, kind: 'rejected' }, isRejection, pauseMs: undefined };
    if (isRejection || place === undefined) return rejected;
    const circuit = circuitOf(place.candidate);
    const judgement = circuit.judge(error);
    const isRetried = this.#retries < retries && !this.#isFinal(error) && !circuit.isShut;
    const pauseMs = isRetried ? retryPauseOf(judgement, this.#retries + 1, circuit.clock) : undefined;
    return { error, judgement, isRejection, pauseMs };
  }

  #isSwitch(verdict: Verdict): boolean {
    verdict.isSwitch ??= this.#askSwitch(verdict);
    return verdict.isSwitch;
  }

  #askSwitch({ error, judgement: { kind, counts } }: Verdict): boolean {
    const { switchOn } = this.#options;
    const from = this.#place();
    const to = this.#place(1);
    if (!from || !to || this.#isFinal(error)) return false;
    const byDefault = counts || kind === 'rejected' || kindsOfCandidate.includes(kind);
    if (switchOn === undefined) return byDefault;
    return this.#userCode.ask('switchOn', byDefault, () =>
      switchOn(error, { kind, counts, from: from.candidate, to: to.candidate }),
    );
  }

  #tellServed(candidate: C): void {
    this.#attempts++;
    this.#isServing = true;
    const { onServed } = this.#options;
    const left = this.#left.filter((one) => one.candidate !== candidate);
    if (onServed) this.#userCode.run('onServed', () => onServed({ candidate, attempts: this.#attempts, left }));
  }
}
