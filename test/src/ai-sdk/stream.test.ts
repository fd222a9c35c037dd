import { ai6Sdk, ai7Sdk } from './sdk.ts';
import { streamSuite } from './stream-suite.ts';

streamSuite(ai7Sdk);
streamSuite(ai6Sdk);
