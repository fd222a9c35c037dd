import { createGuardedAnthropic } from '../fetch/guarded-clients.ts';
import { describeStreamFaults } from '../fetch/stream-fault-suite.ts';

describeStreamFaults('Anthropic', createGuardedAnthropic);
