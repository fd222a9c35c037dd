import { LastingWatch } from '../platform/lasting-watch.ts';
import { callerAborts } from './caller-aborts.ts';

/** Watches the signals of callers on, where what `run` has returned is still being read. */
export const abortsAfterRun: LastingWatch = /* @__PURE__ */ new LastingWatch(callerAborts);
