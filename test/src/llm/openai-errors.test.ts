import { describeJudgement } from './judgement-suite.ts';
import { openAiClient, openAiResponsesClient } from './model-clients.ts';
import { openAiFaults, openAiStreamFaults } from './openai-faults.ts';

for (const client of [openAiClient, openAiResponsesClient])
  describeJudgement({ client, faults: openAiFaults, streamFaults: openAiStreamFaults, keepsHeaders: true });
