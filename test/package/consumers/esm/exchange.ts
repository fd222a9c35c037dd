import * as cjs from '../cjs/use-breakers.js';
import * as esm from './use-breakers.js';

// Breakers of each copy of the package, in the hands of each.
console.log(
  JSON.stringify({
    areTwoCopies: new Set<unknown>([esm.createBreaker, cjs.createBreaker]).size === 2,
    esmOfEsm: await esm.useBreakersOf(esm),
    esmOfCjs: await esm.useBreakersOf(cjs),
    cjsOfEsm: await cjs.useBreakersOf(esm),
    cjsOfCjs: await cjs.useBreakersOf(cjs),
  }),
);
