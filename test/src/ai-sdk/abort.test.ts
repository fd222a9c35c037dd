import { abortSuite } from './abort-suite.ts';
import { ai6Sdk, ai7Sdk } from './sdk.ts';

abortSuite(ai7Sdk);
abortSuite(ai6Sdk);
