import { AbortWatch } from '../platform/abort-watch.ts';
import { LastingWatch } from '../platform/lasting-watch.ts';

/** Watches the signals of callers. One for all breakers: it holds signals weakly, and puts one listener on each. */
export const callerAborts: AbortWatch = new AbortWatch();

/** Watches them on, where what `run` has returned is still being read. */
export const abortsAfterRun: LastingWatch = new LastingWatch(callerAborts);
