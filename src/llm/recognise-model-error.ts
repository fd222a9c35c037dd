import { isBreakerRejection } from './breaker-rejection.ts';
import { errorChain } from './error-chain.ts';
import { type ErrorEvidence, gatherEvidence } from './error-evidence.ts';
import { kindOfCodes, kindOfRpcCode, tellingCodes, vagueCodes } from './kinds-by-code.ts';
import { kindOfStatus } from './kinds-by-status.ts';
import { kindOfWording, refineByWording } from './kinds-by-wording.ts';
import type { ModelErrorKind } from './model-error-kind.ts';
import { fieldOf, isArray } from './read-field.ts';

/** What kind of error something is, and which of the errors that it wraps says so. */
export interface RecognisedError {
  readonly kind: ModelErrorKind;
  /** The error that decided. */
  readonly decider: unknown;
}

interface Link {
  readonly error: unknown;
  readonly evidence: ErrorEvidence;
}

type Recognise = (link: Link) => ModelErrorKind | undefined;

/** What says most comes first; each is asked of the whole chain, nearest error first, before the next is. */
const recognisers: readonly Recognise[] = [
  byShapeCodeOrStatus,
  byVagueCode,
  ({ evidence }) => kindOfWording(evidence.wording),
];

/**
 * Recognises what was thrown by its codes, then its status, then its words; what it wraps is looked at, too.
 *
 * @param thrown - Anything that was thrown, a string as well.
 */
export function recogniseModelError(thrown: unknown): RecognisedError {
  const links = errorChain(thrown).map((error) => ({ error, evidence: gatherEvidence(error) }));
  for (const recognise of recognisers)
    for (const link of links) {
      const kind = recognise(link);
      if (kind) return { kind, decider: link.error };
    }
  return { kind: 'unknown', decider: thrown };
}

function byShapeCodeOrStatus({ error, evidence }: Link): ModelErrorKind | undefined {
  if (isBreakerRejection(error)) return 'rejected';
  // A tool's result of the Model Context Protocol: the tool failed, the server answered.
  if (fieldOf(error, 'isError') === true && isArray(fieldOf(error, 'content'))) return 'toolError';
  const byCode = kindOfCodes(evidence.codes, tellingCodes) ?? kindOfRpcCode(evidence.rpcCode);
  return byCode ?? refined(kindOfStatus(evidence.status), evidence);
}

function byVagueCode({ evidence }: Link): ModelErrorKind | undefined {
  return refined(kindOfCodes(evidence.codes, vagueCodes), evidence);
}

function refined(kind: ModelErrorKind | undefined, evidence: ErrorEvidence): ModelErrorKind | undefined {
  return kind && refineByWording(kind, evidence);
}
