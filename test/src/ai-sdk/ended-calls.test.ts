import { endedCallsSuite } from './ended-calls-suite.ts';
import { ai6Sdk, ai7Sdk } from './sdk.ts';

endedCallsSuite(ai7Sdk);
endedCallsSuite(ai6Sdk);
