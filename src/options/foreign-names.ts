/**
 * What other circuit breakers call an option of ours, without case and underscores. Options that mean something
 * else in spite of a like name are left out.
 */
const foreignNames: Readonly<Record<string, string>> = {
  // opossum
  resettimeout: 'recoveryTimeout',
  errorthresholdpercentage: 'failureRateThreshold',
  volumethreshold: 'minimumCalls',
  rollingcounttimeout: 'failureWindow',
  errorfilter: 'failurePredicate',
  // cockatiel
  halfopenafter: 'recoveryTimeout',
  breaker: 'failureThreshold',
  // resilience4j
  slidingwindowsize: 'windowSize',
  minimumnumberofcalls: 'minimumCalls',
  waitdurationinopenstate: 'recoveryTimeout',
  permittednumberofcallsinhalfopenstate: 'halfOpenTrials',
  slowcalldurationthreshold: 'slowCallThreshold',
  recordexceptions: 'failurePredicate',
  ignoreexceptions: 'excludedErrors',
  // Python's
  failmax: 'failureThreshold',
  maxfailures: 'failureThreshold',
  expectedexception: 'failurePredicate',
  exclude: 'excludedErrors',
};

/** What else has to be known of a value that is brought along. */
const differences: Readonly<Record<string, string>> = {
  errorthresholdpercentage: ' It is a ratio: 50 % is 0.5.',
  errorfilter: ' It is true for an error that counts.',
  expectedexception: ' It is a function that is true for an error that counts.',
  recordexceptions: ' It is a function that is true for an error that counts.',
  breaker: ' Or failureRateThreshold, with failureWindow or windowSize.',
};

/**
 * A hint for somebody who gives an option the name that it has elsewhere.
 *
 * @param known - The options that there are.
 * @returns Undefined for a name that is not known from elsewhere, or whose option is none here.
 */
export function foreignNameHint(given: string, known: readonly string[]): string | undefined {
  const key = given.toLowerCase().replaceAll('_', '');
  const ours = Object.hasOwn(foreignNames, key) ? foreignNames[key] : undefined;
  return ours && known.includes(ours) ? `Did you mean ${ours}?${differences[key] ?? ''}` : undefined;
}
