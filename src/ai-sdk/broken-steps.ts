import { fieldOf } from '../llm/read-field.ts';

const mostSteps = 100;

/**
 * The steps whose answer has broken off when a part of it had been handed on, and which model comes next for each. The SDK
 * tries such a step again (`streamRetries`) with the same prompt, in new objects: only a hash of that is kept.
 */
export class BrokenSteps {
  readonly #nextByPrompt = new Map<number, number>();

  /** @param next - Which of the models to begin with when the step is tried again. */
  add(params: object, next: number): void {
    if (this.#nextByPrompt.size >= mostSteps) this.#nextByPrompt.clear();
    this.#nextByPrompt.set(hashOf(params), next);
  }

  /** Which of the models a call begins with; forgotten once it is told. */
  take(params: object): number {
    if (this.#nextByPrompt.size === 0) return 0;
    const hash = hashOf(params);
    const next = this.#nextByPrompt.get(hash) ?? 0;
    this.#nextByPrompt.delete(hash);
    return next;
  }
}

/** FNV-1a. */
function hashOf(params: object): number {
  let hash = 0x811c9dc5;
  for (const character of textOf(fieldOf(params, 'prompt')))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}

function textOf(prompt: unknown): string {
  try {
    // Of a file, its length will do.
    return JSON.stringify(prompt, (_key, value) => (ArrayBuffer.isView(value) ? value.byteLength : value)) ?? '';
  } catch {
    return '';
  }
}
