import { AbortWatch } from '../platform/abort-watch.ts';

/** Watches the signals of callers. One for all breakers: it holds signals weakly, and puts one listener on each. */
export const callerAborts: AbortWatch = /* @__PURE__ */ new AbortWatch();
