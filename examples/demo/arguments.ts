/** What the command line asks for. */
export type Wish =
  | { readonly kind: 'run'; readonly isJson: boolean; readonly isInspected: boolean }
  | { readonly kind: 'help' | 'wrong'; readonly text: string };

const help = `Usage: npm run demo [-- --json | --inspect | --help]

Callers ask a model through the openai client. The provider behind it, a real HTTP server inside this process, is well,
has an outage (503 with Retry-After, connection resets, headers that never come), and is well again. The same calls are
made twice at the same time: through a circuit breaker, and without one.

  --json      print one JSON document when it is over, and nothing else
  --inspect   show the breaker's chart live in the Stately inspector, in your browser
  --help      print this

It takes less than ten seconds. Ctrl-C ends it at once with a summary of what there is.
On a terminal of at least 80 columns and 24 rows it draws a timeline, elsewhere it prints a line for every call.
NO_COLOR is respected.

Exit codes: 0 it ran; 1 the provider and the breaker counted different numbers of calls; 2 wrong usage; 130 Ctrl-C.
`;

/** Reads the command line. */
export function readArguments(given: readonly string[]): Wish {
  const unknown = given.find((argument) => !['--json', '--inspect', '--help', '-h'].includes(argument));
  if (unknown !== undefined)
    return {
      kind: 'wrong',
      text: `Unknown argument ${JSON.stringify(unknown)}. There are --json, --inspect and --help.\n`,
    };
  if (given.includes('--help') || given.includes('-h')) return { kind: 'help', text: help };
  return { kind: 'run', isJson: given.includes('--json'), isInspected: given.includes('--inspect') };
}
