import { checkOptions, oneOf, rejectOption } from '../../machines/settings/option-rules.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { isBreaker } from '../breaker/is-breaker.ts';

/** How a client is guarded besides its tool calls. */
export interface GuardMcpClientOptions {
  /**
   * What a rejected tool call comes to: `'result'`, a tool result with `isError: true` whose text a model understands, or
   * `'throw'`, the `CircuitBreakerOpenError`.
   * @default 'result'
   */
  readonly onOpen?: 'result' | 'throw' | undefined;
  /**
   * Guards the requests that read from the server: lists, `readResource`, `getPrompt` and `complete`. No model is
   * waiting for these, so a rejection is thrown. May be the breaker of the tools.
   * @default none: they are made in any case
   */
  readonly requests?: Breaker | undefined;
}

/** @throws BreakerOptionsError for an option that is unknown or wrong. */
export function checkGuardMcpClientOptions(options: GuardMcpClientOptions): void {
  checkOptions(options, {
    onOpen: oneOf('result', 'throw'),
    requests(option, value) {
      if (!isBreaker(value)) rejectOption(option, 'a breaker', value);
    },
  });
}
