/** How a vendor's streams are told, what is said in them, and how they end. `json` is the parsed data of an event. */
export interface StreamFormat {
  /** Whether a stream with this event is of this format. */
  isOurs(json: unknown): boolean;
  /** Whether the event says something: text, a tool call, a refusal. Thoughts alone say nothing. */
  saysSomething(json: unknown): boolean;
  /** Why the answer has ended; undefined where the event does not tell. */
  finishReasonIn(json: unknown): string | undefined;
  /** Whether the event says that the answer is whole. */
  isEnd(json: unknown): boolean;
  /** The answer in one piece that a stream stands for that has said nothing. */
  toEmptyAnswer(finishReason: string | undefined): unknown;
}
