import { generateSuite } from './generate-suite.ts';
import { ai6Sdk, ai7Sdk } from './sdk.ts';

generateSuite(ai7Sdk);
generateSuite(ai6Sdk);
