import type { ErrorJudge, FailureJudgement } from '../machine/judge-error.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { UserCode } from '../platform/user-code.ts';
import type { BreakerActorRef } from './chart-link.ts';
import type { Totals } from './totals.ts';

/** Tells what a returned value means; undefined for a success. */
export type ResultJudge = (result: unknown) => FailureJudgement | undefined;

/** What a circuit is made of. */
export interface CircuitParts {
  readonly actor: BreakerActorRef;
  readonly clock: BreakerClock;
  /** Whether others may look at the actor, so that every outcome has to be sent at once. */
  readonly isObserved: boolean;
  /** Judges errors the way the actor's machine does; undefined where every error counts. */
  readonly errorJudge: ErrorJudge | undefined;
  /** Tells what a returned value means, undefined for a success; itself undefined where none is judged. */
  readonly judgeResult: ResultJudge | undefined;
  /** What has been counted so far. */
  readonly totals: Totals;
  readonly userCode: UserCode;
}
