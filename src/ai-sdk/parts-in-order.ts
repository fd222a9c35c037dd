import type { BreakerStream } from '../calls/watched-stream.ts';
import type { ModelStreamPart } from './model-types.ts';

type Step = IteratorResult<ModelStreamPart, undefined>;

/** The parts that come before the first content, as they arrive. */
interface LeadParts {
  readonly leadParts: ModelStreamPart[];
  leadArrives(): Promise<void>;
}

/** All parts of a stream: those before the first content, which is being read already, and those from there on. */
export class PartsInOrder implements BreakerStream<ModelStreamPart> {
  readonly #parts: BreakerStream<ModelStreamPart>;
  readonly #lead: LeadParts;
  /** Undefined once it has been passed on. */
  #firstContent: Promise<Step> | undefined;

  constructor(parts: BreakerStream<ModelStreamPart>, firstContent: Promise<Step>, lead: LeadParts) {
    this.#parts = parts;
    this.#firstContent = firstContent;
    this.#lead = lead;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Step> {
    const firstContent = this.#firstContent;
    if (firstContent === undefined) return this.#parts.next();
    const { leadParts } = this.#lead;
    if (leadParts.length === 0) await Promise.race([firstContent, this.#lead.leadArrives()]);
    const value = leadParts.shift();
    if (value !== undefined) return { done: false, value };
    this.#firstContent = undefined;
    return firstContent;
  }

  return(): Promise<Step> {
    return this.#parts.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
