/** The first words of errors by which a server refuses whatever it is asked. */
const refusalsOfAll =
  'NOAUTH NOPERM WRONGPASS OOM READONLY LOADING MASTERDOWN MISCONF BUSY UNKILLABLE CLUSTERDOWN'.split(' ');

/** Tells whether a server has answered with an error: those begin with a word in capitals. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]{2,} /.test(error.message);
}

/** Tells whether it will refuse everything else, too. */
export function isRefusalOfAll(error: unknown): boolean {
  return error instanceof Error && refusalsOfAll.some((word) => error.message.startsWith(`${word} `));
}
