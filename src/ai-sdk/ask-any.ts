import { probe } from '../breaker/candidate-breaker.ts';
import { type CandidateCircuit, CandidateRound } from '../breaker/candidate-round.ts';
import type { SwitchOptions } from '../breaker/failover-options.ts';
import { isShut } from '../breaker/is-shut.ts';
import { classifyModelError } from '../llm/classify-model-error.ts';
import { systemClock } from '../platform/clock.ts';
import { Attempt } from './attempt.ts';
import { endingError } from './ending-error.ts';
import type { ModelCallParams, ModelIdentity } from './model-types.ts';

/** What is done when a model does not do: see `failover`; a stream is past an open circuit with its first content. */
export interface ModelSwitchOptions extends SwitchOptions<ModelIdentity> {}

/** One of the models that a call can be made with. */
export interface AskedModel<Model, Params> {
  readonly model: Model;
  readonly params: Params;
  /** The name of its circuit, or the model's own where it has none. */
  readonly name: string;
  /** Whether the call goes on, with this model or another one, if this one fails with an error. */
  goesOnAfter(error: unknown): boolean;
}

interface Candidate<Model> {
  readonly model: Model;
  readonly attempt: Attempt;
}

/** Makes a call with one model after the other; see `failover`. */
export async function askAny<Model extends ModelIdentity, Params extends ModelCallParams, Result>(
  models: readonly Model[],
  params: Params,
  ask: (asked: AskedModel<Model, Params>) => PromiseLike<Result>,
  { allOpen, ...options }: ModelSwitchOptions,
): Promise<Result> {
  const candidates = models.map((model) => ({ model, attempt: Attempt.begin(params) }));
  const round = new CandidateRound<Candidate<Model>>(candidates, {
    ...toRoundOptions(options),
    circuitOf: ({ attempt }) => circuitOf(attempt),
    signals: [params.abortSignal],
  });
  const attempt = ({ model, attempt }: Candidate<Model>) =>
    ask({
      model,
      params: attempt.addTo(params),
      get name() {
        return attempt.breaker?.name ?? `${model.provider}/${model.modelId}`;
      },
      goesOnAfter: (error) => round.goesOnAfter(error),
    });
  const askPast = async ({ model, attempt: { breaker } }: Candidate<Model>, rejection: unknown) => {
    if (allOpen !== 'probeEarliest' || breaker === undefined) throw rejection;
    const probing = Attempt.begin(params, { isProbe: true }).addTo(params);
    const asked = { model, params: probing, name: breaker.name, goesOnAfter: () => false };
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
    judge: (error) => breaker?.judge(error) ?? { ...classifyModelError(error), counts: true },
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
