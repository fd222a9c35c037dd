/** What is held back of an answer is too much, which is no fault of who gives it. */
export class HeldTooMuchError extends RangeError {
  /** @param maxHeldBytes - What may be held back. */
  constructor(maxHeldBytes: number) {
    super(
      `More than ${maxHeldBytes} bytes of an answer were held back. Raise maxHeldBytes, or commit: 'firstContent'.`,
    );
  }
}

/** How many bytes are held back where nobody says so. */
export const defaultHeldBytes: number = 16 * 2 ** 20;

/** Adds up what is held back, about. */
export class HeldSize {
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes - What may be held back. */
  constructor(maxBytes: number = defaultHeldBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Takes note of one more item; throws HeldTooMuchError where that is too much. */
  add(item: unknown): void {
    this.#bytes += sizeOf(item);
    if (this.#bytes > this.#maxBytes) throw new HeldTooMuchError(this.#maxBytes);
  }
}

function sizeOf(item: unknown): number {
  if (typeof item === 'string') return item.length;
  if (ArrayBuffer.isView(item)) return item.byteLength;
  try {
    return JSON.stringify(item)?.length ?? 0;
  } catch {
    return 0;
  }
}
