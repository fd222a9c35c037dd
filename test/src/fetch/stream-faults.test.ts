import { createGuardedOpenAi } from './guarded-clients.ts';
import { describeStreamFaults } from './stream-fault-suite.ts';

describeStreamFaults('OpenAI', createGuardedOpenAi);
