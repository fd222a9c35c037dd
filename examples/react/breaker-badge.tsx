import { useSelector } from '@xstate/react';
import type { BreakerActorRef } from 'agent-circuit-breaker';
import { CountDown } from './count-down.tsx';

const names = {
  ...{ closed: 'closed', open: 'open', halfOpen: 'half-open: the next call is a trial' },
  ...{ isolated: 'isolated', disabled: 'disabled' },
};

/** The state of a breaker, live, with the time that is left until the next trial. */
export function BreakerBadge({ actor }: { readonly actor: BreakerActorRef }) {
  const state = useSelector(actor, ({ value }) => (typeof value === 'string' ? value : 'halfOpen'));
  const recoverAt = useSelector(actor, ({ context }) => context.recoverAt);
  return (
    <output className={`badge ${state}`}>
      {names[state]}
      {recoverAt !== null && <CountDown until={recoverAt} />}
    </output>
  );
}
