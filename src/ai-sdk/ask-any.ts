import { probe } from '../breaker/candidate-breaker.ts';
import { type CandidateCircuit, CandidateRound } from '../breaker/candidate-round.ts';
import type { SwitchOptions } from '../breaker/failover-options.ts';
import { HeldTooMuchError } from '../breaker/held-size.ts';
import { isShut } from '../breaker/is-shut.ts';
import { systemClock } from '../platform/clock.ts';
import { Attempt } from './attempt.ts';
import { endingError } from './ending-error.ts';
import type { ModelCallParams, ModelIdentity } from './model-types.ts';

/** What is done when a model does not do: see `failover`; a stream is past an open circuit with its first content. */
export interface ModelSwitchOptions extends SwitchOptions<ModelIdentity> {}

/** The models of a call. */
export interface ModelsToAsk<Model> {
  readonly models: readonly Model[];
  /** Which of them is asked first; those before it come last. */
  readonly first: number;
}

/** One of the models that a call can be made with. */
export interface AskedModel<Model, Params> {
  readonly model: Model;
  readonly params: Params;
  /** Which of the models the next one is, after the last the first. */
  readonly next: number;
  /** The name of its circuit, or the model's own where it has none. */
  readonly name: string;
  /** Whether the call goes on, with this model or another one, if this one fails with an error. */
  goesOnAfter(error: unknown): boolean;
}

interface Candidate<Model> {
  readonly model: Model;
  readonly next: number;
  readonly attempt: Attempt;
}

/** Makes a call with one model after the other; see `failover`. */
export async function askAny<Model extends ModelIdentity, Params extends ModelCallParams, Result>(
  { models, first }: ModelsToAsk<Model>,
  params: Params,
  ask: (asked: AskedModel<Model, Params>) => PromiseLike<Result>,
  { allOpen, ...options }: ModelSwitchOptions,
): Promise<Result> {
  const inOrder = models.map((model, index) => ({
    model,
    next: (index + 1) % models.length,
    attempt: Attempt.begin(params),
  }));
  const candidates = [...inOrder.slice(first), ...inOrder.slice(0, first)];
  const round = new CandidateRound<Candidate<Model>>(candidates, {
    ...toRoundOptions(options),
    circuitOf: ({ attempt }) => circuitOf(attempt),
    signals: [params.abortSignal],
    isFinal: (error) => error instanceof HeldTooMuchError,
  });
  const attempt = ({ model, next, attempt }: Candidate<Model>) =>
    ask({
      model,
      next,
      params: attempt.addTo(params),
      get name() {
        return attempt.breaker?.name ?? `${model.provider}/${model.modelId}`;
      },
      goesOnAfter: (error) => round.goesOnAfter(error),
    });
  const askPast = async ({ model, next, attempt: { breaker } }: Candidate<Model>, rejection: unknown) => {
    if (allOpen !== 'probeEarliest' || breaker === undefined) throw rejection;
    const probing = Attempt.begin(params, { isProbe: true }).addTo(params);
    const asked = { model, next, params: probing, name: breaker.name, goesOnAfter: () => false };
    return probe(breaker, rejection, () => ask(asked));
  };
  try {
    return await round.serve(attempt, askPast);
  } catch (error) {
    const isOver = candidates.every(({ attempt: { breaker } }) => breaker !== undefined && isShut(breaker));
    throw isOver && Attempt.of(params) === undefined ? endingError(error) : error;
  }
}

function circuitOf({ breaker }: Attempt): CandidateCircuit {
  return {
    isShut: breaker !== undefined && isShut(breaker),
    clock: breaker?.clock ?? systemClock,
    judge: (error) => breaker?.judge(error) ?? { counts: true },
  };
}

/** Callers hear of their models, not of what is kept about them. */
function toRoundOptions<Model extends ModelIdentity>({
  switchOn,
  onSwitch,
  onServed,
  retries,
}: Omit<ModelSwitchOptions, 'allOpen'>): Omit<SwitchOptions<Candidate<Model>>, 'allOpen'> {
  return {
    retries,
    switchOn:
      switchOn &&
      ((error, { from, to, ...question }) => switchOn(error, { ...question, from: from.model, to: to.model })),
    onSwitch: onSwitch && ((event) => onSwitch({ ...event, from: event.from.model, to: event.to.model })),
    onServed:
      onServed &&
      (({ candidate, left, ...event }) =>
        onServed({
          ...event,
          candidate: candidate.model,
          left: left.map((one) => ({ ...one, candidate: one.candidate.model })),
        })),
  };
}
