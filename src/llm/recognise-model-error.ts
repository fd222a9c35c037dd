import { isBreakerRejection } from './breaker-rejection.ts';
import { kindOfCodes } from './code-table.ts';
import { errorChain } from './error-chain.ts';
import { type ErrorEvidence, gatherEvidence } from './error-evidence.ts';
import { kindOfStatus, statusInWords } from './kinds-by-status.ts';
import { kindOfWording, refineByWording } from './kinds-by-wording.ts';
import type { ModelErrorKind } from './model-error-kind.ts';
import { fieldOf, isArray } from './read-field.ts';
import { kindOfRpcCode } from './rpc-codes.ts';
import { tellingCodes } from './telling-codes.ts';
import { vagueCodes } from './vague-codes.ts';

/** What kind of error something is, and which of the errors that it wraps says so. */
export interface RecognisedError {
  readonly kind: ModelErrorKind;
  /** The error that decided. */
  readonly decider: unknown;
  /** What the errors say that were looked at. */
  readonly evidence: ReadonlyMap<unknown, ErrorEvidence>;
}

type Recognise = (error: unknown, evidence: ErrorEvidence) => ModelErrorKind | undefined;

/** What says most comes first; each is asked of the whole chain, nearest error first, before the next is. */
const recognisers: readonly Recognise[] = [
  byShapeCodeOrStatus,
  byStatusInWords,
  (_error, evidence) => refined(kindOfCodes(evidence.codes, vagueCodes), evidence),
  (_error, { wording }) => kindOfWording(wording),
];

/**
 * Recognises what was thrown by its codes, then its status, then its words; what it wraps is looked at, too.
 *
 * @param thrown - Anything that was thrown, a string as well.
 */
export function recogniseModelError(thrown: unknown): RecognisedError {
  const evidence = new Map(errorChain(thrown).map((error) => [error, gatherEvidence(error)]));
  for (const recognise of recognisers)
    for (const [error, said] of evidence) {
      const kind = recognise(error, said);
      if (kind) return { kind, decider: error, evidence };
    }
  return { kind: 'unknown', decider: thrown, evidence };
}

function byShapeCodeOrStatus(error: unknown, evidence: ErrorEvidence): ModelErrorKind | undefined {
  if (isBreakerRejection(error)) return 'rejected';
  // A tool's result of the Model Context Protocol: the tool failed, the server answered.
  if (fieldOf(error, 'isError') === true && isArray(fieldOf(error, 'content'))) return 'toolError';
  const { codes, rpcCode, status } = evidence;
  return refined(kindOfCodes(codes, tellingCodes) ?? kindOfRpcCode(rpcCode) ?? kindOfStatus(status), evidence);
}

function byStatusInWords(_error: unknown, evidence: ErrorEvidence): ModelErrorKind | undefined {
  const status = statusInWords(evidence.wording);
  return refined(kindOfStatus(status), { ...evidence, status });
}

function refined(kind: ModelErrorKind | undefined, evidence: ErrorEvidence): ModelErrorKind | undefined {
  return kind && refineByWording(kind, evidence);
}
