import type { BodyInspector, Inspection } from './body-inspector.ts';
import { inspectAnswer } from './inspect-answer.ts';
import { inspectEvents } from './inspect-events.ts';
import { inspectLines } from './inspect-lines.ts';

/** What the type of a body says of it. */
type Label = 'events' | 'answer' | 'lines' | 'text';

/** The inspector for a body of a media type, which need not be right. */
export function createInspector(mediaType: string, inspection: Inspection): BodyInspector {
  const label = labelOf(mediaType);
  return label ? new LabelledBody(label, inspection) : createPassing(inspection);
}

function labelOf(mediaType: string): Label | undefined {
  if (mediaType === 'text/event-stream') return 'events';
  if (/ndjson|jsonl|json-seq/.test(mediaType)) return 'lines';
  if (/^application\/(.+\+)?json$/.test(mediaType)) return 'answer';
  return /^(?:|text\/.+|application\/octet-stream)$/.test(mediaType) ? 'text' : undefined;
}

/** What nobody can judge is good. */
function createPassing({ call }: Inspection): BodyInspector {
  return { take: () => true, isWhole: false, end: () => call.succeed() };
}

/** A body with a label: which inspector it gets is decided by how it begins. */
class LabelledBody implements BodyInspector {
  readonly #label: Label;
  readonly #inspection: Inspection;
  readonly #decoder = new TextDecoder();
  #waiting: Uint8Array[] = [];
  #head = '';
  #inspector: BodyInspector | undefined;

  constructor(label: Label, inspection: Inspection) {
    this.#label = label;
    this.#inspection = inspection;
  }

  get isWhole(): boolean {
    return this.#inspector?.isWhole === true;
  }

  take(chunk: Uint8Array): boolean {
    if (this.#inspector) return this.#inspector.take(chunk);
    this.#waiting.push(chunk);
    this.#head = `${this.#head}${this.#decoder.decode(chunk, { stream: true })}`.trimStart();
    if (mayBecomeEvents.test(this.#head)) return this.#head !== '';
    return this.#decide();
  }

  end(): void {
    if (!this.#inspector) this.#decide();
    this.#inspector?.end();
  }

  #decide(): boolean {
    const inspector = this.#choose();
    this.#inspector = inspector;
    const signs = this.#waiting.map((chunk) => inspector.take(chunk));
    this.#waiting = [];
    return signs.includes(true);
  }

  #choose(): BodyInspector {
    if (this.#label === 'lines') return inspectLines(this.#inspection);
    if (beginsAsJson.test(this.#head)) return inspectAnswer(this.#inspection, this.#label === 'text');
    if (this.#label === 'events' || beginsAsEvents.test(this.#head)) return inspectEvents(this.#inspection);
    return this.#label === 'answer' ? inspectAnswer(this.#inspection, false) : createPassing(this.#inspection);
  }
}

const beginsAsJson = /^[[{]/;
const beginsAsEvents = /^(?:data|event|id|retry)?:/;

/** Too little to tell. */
const mayBecomeEvents = /^(?:d|da|dat|data|e|ev|eve|even|event|i|id|r|re|ret|retr|retry)?$/;
