import { type LanguageModel, type ModelMessage, streamText } from 'ai';

/** How an answer ended: it is whole, the user has stopped it, or it broke off with an error. */
export type AnswerEnd = 'whole' | 'stopped' | { readonly error: unknown };

/** One conversation with a model, as a page or a terminal shows it. */
export class Chat {
  readonly #model: LanguageModel;
  readonly #messages: ModelMessage[] = [];
  #stopButton = new AbortController();

  constructor(model: LanguageModel) {
    this.#model = model;
  }

  /** What the stop button does. */
  stop(): void {
    this.#stopButton.abort();
  }

  /**
   * Asks a question; what has been shown of the answer stays in the conversation, however it ends.
   *
   * @param onText - Shows a piece of the answer.
   */
  async ask(question: string, onText: (text: string) => void): Promise<AnswerEnd> {
    this.#stopButton = new AbortController();
    const { signal } = this.#stopButton;
    this.#messages.push({ role: 'user', content: question });
    const failures: unknown[] = [];
    let answer = '';
    const { textStream } = streamText({
      // The model knows circuits, and which one to ask next; the SDK does not.
      ...{ model: this.#model, messages: this.#messages, abortSignal: signal, maxRetries: 0 },
      onError: ({ error }) => {
        failures.push(error);
      },
    });
    for await (const text of textStream) {
      answer += text;
      onText(text);
    }
    if (answer !== '') this.#messages.push({ role: 'assistant', content: answer });
    else this.#messages.pop();
    if (signal.aborted) return 'stopped';
    return failures.length === 0 ? 'whole' : { error: failures[0] };
  }
}
