import { failoverSuite } from './failover-suite.ts';
import { ai6Sdk, ai7Sdk } from './sdk.ts';

failoverSuite(ai7Sdk);
failoverSuite(ai6Sdk);
