import { fieldOf, textOf } from '../llm/read-field.ts';
import type { ModelStreamPart } from './model-types.ts';

/** Parts that come before and between what a model says. */
const silentTypes = [
  ...['stream-start', 'response-metadata', 'raw', 'ping', 'finish', 'error'],
  ...['text-start', 'text-end', 'reasoning-start', 'reasoning-end'],
];

/** Tells whether a part is something that the model says: text, reasoning, a tool call, a file. */
export function isContent(part: ModelStreamPart): boolean {
  if (part.type.endsWith('-delta')) return textOf(part, 'delta') !== '';
  return !silentTypes.includes(part.type);
}

/** What a streamed answer amounts to, in the form of one that was not streamed, for `failureResult` to judge. */
export class StreamedAnswer {
  /** Texts and reasonings by their ids, and other content. */
  readonly #content = new Map<unknown, { readonly type: string; text?: string }>();

  /** Takes note of a part. */
  add(part: ModelStreamPart): void {
    if (!isContent(part) || part.type.startsWith('tool-input-')) return;
    const type = /^(?<type>text|reasoning)-delta$/.exec(part.type)?.groups?.type;
    if (type === undefined) {
      this.#content.set(part, part);
      return;
    }
    const key = `${type} ${textOf(part, 'id')}`;
    const text = `${this.#content.get(key)?.text ?? ''}${textOf(part, 'delta')}`;
    this.#content.set(key, { type, text });
  }

  /** The answer that the part `finish` completes. */
  toResult(finish: ModelStreamPart): object {
    const [finishReason, usage, providerMetadata] = ['finishReason', 'usage', 'providerMetadata'].map((name) =>
      fieldOf(finish, name),
    );
    return { content: [...this.#content.values()], finishReason, usage, providerMetadata };
  }
}
