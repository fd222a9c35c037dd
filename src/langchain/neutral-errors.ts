import { fieldOf } from '../llm/read-field.ts';

/** What is wrong with what the model has said, not with what was called. */
const mistakesOfTheModel: readonly unknown[] = [
  'ToolInvocationError',
  'ToolInputParsingException',
  'StructuredOutputParsingError',
  'MultipleStructuredOutputsError',
];

/** Tells whether an error says nothing of what was called. */
export function isNeutral(error: unknown): boolean {
  return isControlFlow(error) || isMistakeOfTheModel(error);
}

/** Interrupts and commands of LangGraph are thrown, and no errors. */
export function isControlFlow(error: unknown): boolean {
  return fieldOf(error, 'is_bubble_up') === true;
}

/** Tells whether an error says that the model has asked for something that does not fit. */
export function isMistakeOfTheModel(error: unknown): boolean {
  const names = [fieldOf(error, '~brand'), fieldOf(error, 'name'), fieldOf(fieldOf(error, 'constructor'), 'name')];
  return names.some((name) => mistakesOfTheModel.includes(name));
}
