import { expect } from 'vitest';
import { createGuardedOpenAi } from './guarded-clients.ts';
import { describeOutage } from './outage-suite.ts';

describeOutage(
  'OpenAI',
  createGuardedOpenAi,
  (error) =>
    expect(error).toMatchObject({
      status: 503,
      code: 'ERR_CIRCUIT_OPEN',
      message: expect.stringContaining('Circuit "'),
    }),
  (error) => expect(error).toMatchObject({ status: 503, code: 'ECONNRESET' }),
);
