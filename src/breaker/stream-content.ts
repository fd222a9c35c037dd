import { propertyOf } from '../../machines/property-of.ts';

/** Types of events and parts that come before, between and after what a model says. */
const silentType =
  /^(?:response\.(?!.*\.delta$)|message_|ping|error|raw|finish|start|stream-start|response-metadata|.*[-_.](?:start|stop|end|added|done)$)/;

/** What is said about a choice, and not by it. */
const silentFields: readonly string[] = ['role', 'finish_reason', 'finishReason', 'index', 'logprobs', 'type', 'id'];

/**
 * Tells whether an item of a stream is something that a model says. Known are texts, bytes, and the chunks, events and parts
 * of OpenAI, Anthropic, Google and the AI SDK: an empty role chunk, the beginning of a block or a count of tokens says
 * nothing. Whatever else there is, is content.
 */
export function isStreamContent(item: unknown): boolean {
  if (item === undefined || item === null || item === '') return false;
  if (ArrayBuffer.isView(item)) return item.byteLength > 0;
  const choices = propertyOf(item, 'choices') ?? propertyOf(item, 'candidates');
  if (Array.isArray(choices)) return choices.some(saysSomething);
  const type = propertyOf(item, 'type');
  if (typeof type !== 'string') return true;
  const delta = propertyOf(item, 'delta');
  if (delta !== undefined) return saysSomething(delta) && !type.startsWith('message_');
  return isToolStart(item) || !silentType.test(type);
}

/** A model that begins to call a tool has decided; the name may be all there is of it. */
function isToolStart(item: unknown): boolean {
  const begun = propertyOf(propertyOf(item, 'content_block') ?? propertyOf(item, 'item'), 'type');
  return typeof begun === 'string' && /tool_use|_call$/.test(begun);
}

/** Whether there is anything in a choice, or a delta, besides its form. */
function saysSomething(said: unknown): boolean {
  if (typeof said !== 'object' || said === null) return said !== undefined && said !== null && said !== '';
  if (Array.isArray(said)) return said.some(saysSomething);
  return Object.entries(said).some(([field, value]) => !silentFields.includes(field) && saysSomething(value));
}
