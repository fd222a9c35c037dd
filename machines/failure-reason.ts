/** What may leave a process of a failure; nothing of the error itself. */
export interface FailureReason {
  /** The error's `name`, or its class where that says more; for a thrown value without a name, its type. */
  readonly name: string;
  /** What kind of failure it is, as far as anything has classified it; null where nothing has. */
  readonly kind: string | null;
  /** The error's HTTP status, where it has one. */
  readonly status: number | null;
}

/** Sums an error up. @param kind - What it has been classified as. */
export function reasonOf(error: unknown, kind: string | undefined): FailureReason {
  return { name: classOf(error), kind: kind ?? null, status: statusOf(error) };
}

/** The three fields of a reason that somebody else gives, and nothing that comes with them; null where it is none. */
export function soundReason(value: unknown): FailureReason | null {
  const name = nameOf(value);
  return name === undefined ? null : { name, kind: kindOf(value), status: statusOf(value) };
}

/** Reads the `name` of an error; undefined where it has none, or none that can be read. */
export function nameOf(error: unknown): string | undefined {
  try {
    if (typeof error !== 'object' || error === null || !('name' in error)) return undefined;
    return typeof error.name === 'string' ? error.name : undefined;
  } catch {
    return undefined;
  }
}

/** SDKs leave the `name` of their errors at "Error"; the class says more. */
function classOf(error: unknown): string {
  const name = nameOf(error) ?? typeof error;
  try {
    const className: unknown = error instanceof Error ? error.constructor.name : undefined;
    return name === 'Error' && typeof className === 'string' && className !== '' ? className : name;
  } catch {
    return name;
  }
}

function kindOf(value: unknown): string | null {
  try {
    if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
    return typeof value.kind === 'string' ? value.kind : null;
  } catch {
    return null;
  }
}

function statusOf(error: unknown): number | null {
  try {
    if (typeof error !== 'object' || error === null || !('status' in error)) return null;
    return typeof error.status === 'number' && Number.isFinite(error.status) ? error.status : null;
  } catch {
    return null;
  }
}
