import { and, type MetaObject, type NonReducibleUnknown, not, or, type StateMachine, setup } from 'xstate';
import { presentOf } from './actor-clock.ts';
import { breakerActions } from './breaker-actions.ts';
import { type BreakerContext, createContext } from './breaker-context.ts';
import type { BreakerEmitted, BreakerEvent, BreakerTag } from './breaker-events.ts';
import * as guards from './breaker-guards.ts';
import type {
  BreakerAction,
  BreakerChild,
  BreakerChildren,
  BreakerDelayName,
  BreakerGuard,
  BreakerGuardName,
  BreakerStateSchema,
  BreakerStateValue,
} from './chart-types.ts';
import { loneFleet } from './fleet-actor.ts';
import { leaseDelayMs, rampDelayMs, recoveryDelayMs } from './overdue.ts';
import { resumption } from './resumption.ts';
import type { BreakerInput } from './settings/breaker-input.ts';

/**
 * The circuit breaker as a statechart. Complete by itself: spawn it, invoke it or run it as a root actor,
 * tell it how calls ended, and ask its tags whether the next call may be made.
 *
 * @example
 * ```ts
 * const breaker = createActor(circuitBreakerMachine, { input: { failureThreshold: 3 } }).start();
 * breaker.on('breaker.opened', ({ name, recoverAt }) => console.log(name, new Date(recoverAt)));
 * if (breaker.getSnapshot().hasTag('admitting')) breaker.send({ type: 'call.failed' });
 * ```
 */
export const circuitBreakerMachine: StateMachine<
  BreakerContext,
  BreakerEvent,
  BreakerChildren,
  BreakerChild,
  BreakerAction,
  BreakerGuard,
  BreakerDelayName,
  BreakerStateValue,
  BreakerTag,
  BreakerInput | undefined,
  NonReducibleUnknown,
  BreakerEmitted,
  MetaObject,
  BreakerStateSchema
> = setup({
  types: {
    context: {} as BreakerContext,
    events: {} as BreakerEvent,
    emitted: {} as BreakerEmitted,
    input: {} as BreakerInput | undefined,
    tags: {} as BreakerTag,
  },
  actors: { resumption, fleet: loneFleet },
  delays: {
    recoveryTimeout: ({ context, self }) => recoveryDelayMs(context, presentOf(self)),
    trialTimeout: ({ context, self }) => leaseDelayMs(context, presentOf(self)),
    recoveryRamp: ({ context, self }) => rampDelayMs(context, presentOf(self)),
  },
  guards: {
    ...guards,
    isUnprepared: or(['isUndated', 'isUnconfigured']),
    isUnpreparedTrial: or(['isUndated', 'isUnconfigured', 'isUndrawn']),
    isNeutral: not('countsAsFailure'),
    isOneSlowCallTooMany: and(['isSlow', 'thresholdReached']),
    extendsWait: and(['countsAsFailure', 'asksForLongerWait']),
    isGoodTrial: not(or(['isUndated', 'isUnconfigured', 'isLate', 'isSlow'])),
    isOneSlowTrialTooMany: and(['isSlow', 'trialFailureThresholdReached']),
    hasToReopen: or(['opensAtOnce', 'trialFailureThresholdReached']),
    rampDue: and(['successThresholdReached', 'hasRamp']),
    slotFree: not('slotsTaken'),
    mayTry: not('awaitsLease'),
  } satisfies Record<BreakerGuardName, unknown>,
  actions: breakerActions,
}).createMachine({
  id: 'breaker',
  description:
    'Watches how calls end and stops them for a while when too many end badly. An event that a state ' +
    'does not name is ignored there; one without a date is dated by the clock of the actor first.',
  context: createContext,
  entry: ['configure', 'joinFleet'],
  initial: 'closed',
  on: {
    'breaker.reset': {
      target: '.closed',
      actions: ['configure', 'closeCircuit'],
      description: 'A new generation: counts are cleared, pending outcomes are void, every hold is ended.',
    },
    'breaker.trip': [
      { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
      { target: '.open', actions: 'openCircuit' },
    ],
    'breaker.isolate': { target: '.isolated', actions: ['configure', 'isolateCircuit'] },
    'breaker.disable': { target: '.disabled', actions: ['configure', 'disableCircuit'] },
    'fleet.join': { actions: 'joinFleet', description: 'For a breaker that was restored from what knew of no fleet.' },
    'fleet.connected': { guard: 'hasFleet', actions: 'connectFleet' },
    'fleet.disconnected': { actions: 'disconnectFleet' },
    'fleet.opened': { guard: 'hasFleet', actions: 'noteFleet' },
    'fleet.closed': { guard: 'hasFleet', actions: 'noteFleet' },
    'fleet.isolated': { guard: 'hasFleet', actions: 'noteFleet' },
    'xstate.error.actor.fleet': {
      actions: ['leaveFleet', 'disconnectFleet'],
      description: 'The actor of the fleet has failed: the breaker goes by what it sees itself.',
    },
  },
  states: {
    closed: {
      description: 'Calls pass; their outcomes are counted.',
      tags: ['admitting'],
      entry: { type: 'announce', params: { state: 'closed' } },
      exit: { type: 'leave', params: { state: 'closed' } },
      on: {
        'call.succeeded': [
          { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
          { guard: 'isLate', description: 'Admitted in an earlier generation: ignored.' },
          {
            guard: 'isOneSlowCallTooMany',
            target: 'open',
            actions: 'openCircuit',
            description: 'A call that took too long is a failure, though it went well.',
          },
          { guard: 'isSlow', actions: ['recordFailure', 'shareFailure'] },
          { actions: 'recordSuccess' },
        ],
        'call.failed': [
          { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
          { guard: 'isLate', description: 'Admitted in an earlier generation: ignored.' },
          { guard: 'isNeutral', description: 'The error does not count: ignored.' },
          {
            guard: 'opensAtOnce',
            target: 'open',
            actions: 'openCircuit',
            description: 'The failure itself says that it is of no use to go on.',
          },
          { guard: 'thresholdReached', target: 'open', actions: 'openCircuit' },
          { actions: ['recordFailure', 'shareFailure'] },
        ],
        'calls.counted': [
          { guard: 'isLate', description: 'Counted for an earlier generation: ignored.' },
          { actions: 'adoptCounts', description: 'Calls that were counted elsewhere and have not opened the circuit.' },
        ],
        'fleet.opened': {
          guard: 'hasFleet',
          target: 'open',
          actions: 'adoptOpening',
          description: 'Enough other breakers of this name have opened.',
        },
        'fleet.isolated': { guard: 'hasFleet', target: 'isolated', actions: 'adoptIsolation' },
      },
    },
    open: {
      description: 'Calls are rejected until the recovery wait is over; late outcomes are ignored.',
      tags: ['rejecting'],
      entry: ['watchForRestores', { type: 'announce', params: { state: 'open' } }],
      exit: { type: 'leave', params: { state: 'open' } },
      after: { recoveryTimeout: { target: 'halfOpen', actions: 'halfOpenCircuit' } },
      on: {
        'breaker.trip': { description: 'It is open already: its wait goes on.' },
        'recovery.elapsed': [
          { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
          {
            guard: 'recoveryDue',
            target: 'halfOpen',
            actions: 'halfOpenCircuit',
            description: 'The timeless twin of the delayed transition: needs no timer to fire.',
          },
          {
            target: 'open',
            reenter: true,
            actions: 'shortenWait',
            description:
              'Asked too early, after a restore, or after the clock went back: the timer is set anew ' +
              'for what is left, at most one full wait.',
          },
        ],
        'call.failed': [
          { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
          {
            guard: 'extendsWait',
            target: 'open',
            reenter: true,
            actions: 'extendWait',
            description: 'A late failure that knows of a longer wait; otherwise it changes nothing.',
          },
        ],
        'calls.counted': {
          guard: 'isOfOpening',
          actions: 'completeOpening',
          description: 'The fleet has opened it before all was told that had been counted here.',
        },
        'fleet.opened': {
          guard: 'hasFleet',
          target: 'open',
          reenter: true,
          actions: 'adoptWait',
          description: 'The timer is set anew, so that all wait for the same instant.',
        },
        'fleet.closed': { guard: 'hasFleet', target: 'closed', actions: 'adoptClosing' },
        'fleet.isolated': { guard: 'hasFleet', target: 'isolated', actions: 'adoptIsolation' },
      },
    },
    halfOpen: {
      description: 'Trials find out whether the operation works again.',
      entry: { type: 'announce', params: { state: 'halfOpen' } },
      exit: { type: 'leave', params: { state: 'halfOpen' } },
      initial: 'free',
      states: {
        free: {
          description: 'A trial slot is free: the next call is a trial.',
          tags: ['admitting', 'trial'],
          always: [
            { guard: 'awaitsLease', target: 'waiting' },
            { guard: 'slotsTaken', target: 'full' },
          ],
          on: {
            'trial.started': [
              { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
              {
                guard: 'leaseOver',
                actions: 'dropLeasesOver',
                description: 'The slot that the fleet has lent is no longer ours: to be rejected.',
              },
              {
                guard: 'takesLastSlot',
                target: 'full',
                actions: 'startTrial',
                description: 'The last free slot.',
              },
              { actions: 'startTrial' },
            ],
          },
        },
        waiting: {
          description: 'The fleet has lent no slot to this breaker: another one may be trying. Calls are rejected.',
          tags: ['rejecting', 'asking'],
          always: { guard: 'mayTry', target: 'free' },
        },
        full: {
          description: 'Every trial slot is taken: further calls are rejected.',
          tags: ['rejecting', 'asking'],
          always: [
            { guard: 'awaitsLease', target: 'waiting' },
            { guard: 'slotFree', target: 'free' },
          ],
          after: { trialTimeout: { target: 'full', reenter: true, actions: 'releaseExpiredTrials' } },
          on: {
            'recovery.elapsed': {
              target: 'full',
              reenter: true,
              actions: ['configure', 'releaseExpiredTrials'],
              description: 'A look at the clock, after a restore: the timer is set anew.',
            },
            'trial.expired': {
              target: 'full',
              reenter: true,
              actions: 'releaseExpiredTrials',
              description: 'The timeless twin of the delayed transition; sets the timer anew.',
            },
          },
        },
        ramping: {
          description: 'The trials went well: a growing share of the calls is let through, each as a trial.',
          tags: ['admitting', 'trial'],
          after: { recoveryRamp: { target: '#breaker.closed', actions: 'closeCircuit' } },
          on: {
            'call.succeeded': {
              guard: 'isGoodTrial',
              actions: 'recordTrialSuccess',
              description: 'A ramp takes its time, however well calls go.',
            },
            'trial.started': [
              { guard: 'isUnpreparedTrial', actions: ['configure', 'drawLot'] },
              {
                guard: 'rampOver',
                target: '#breaker.closed',
                actions: 'closeCircuit',
                description: 'Nobody has noticed yet that every call is let through.',
              },
              { guard: 'isInShare', actions: 'startTrial' },
              { actions: 'skipTrial', description: 'Not in the share: to be rejected.' },
            ],
            'lease.requested': { description: 'Calls need no slot of the fleet.' },
            'trial.requested': { description: 'Calls need no slot of the fleet.' },
            'recovery.elapsed': [
              { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
              {
                guard: 'rampOver',
                target: '#breaker.closed',
                actions: 'closeCircuit',
                description: 'The timeless twin of the delayed transition.',
              },
              {
                target: 'ramping',
                reenter: true,
                actions: 'shortenRamp',
                description: 'Asked too early, or after the clock went back: the timer is set anew.',
              },
            ],
          },
        },
      },
      on: {
        'trial.expired': { actions: 'releaseExpiredTrials' },
        'recovery.elapsed': {
          guard: 'isUnconfigured',
          actions: 'configure',
          description: 'After a restore, the first word that comes.',
        },
        'call.succeeded': [
          { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
          { guard: 'isLate', description: 'Of an earlier generation, or of no trial that has not ended: ignored.' },
          {
            guard: 'isOneSlowTrialTooMany',
            target: 'open',
            actions: 'reopenCircuit',
            description: 'A trial that took too long has failed.',
          },
          { guard: 'isSlow', actions: 'recordTrialFailure' },
          {
            guard: 'slotIsLent',
            actions: 'releaseTrial',
            description: 'The fleet has another try: it closes nothing.',
          },
          { guard: 'rampDue', target: '.ramping', actions: 'startRamp' },
          { guard: 'successThresholdReached', target: 'closed', actions: 'closeCircuit' },
          { actions: 'recordTrialSuccess' },
        ],
        'call.failed': [
          { guard: 'isUnprepared', actions: ['configure', 'dateEvent'] },
          { guard: 'isLate', description: 'Of an earlier generation, or of no trial that has not ended: ignored.' },
          { guard: 'isNeutral', actions: 'releaseTrial', description: 'No verdict: the slot is free again.' },
          { guard: 'hasToReopen', target: 'open', actions: 'reopenCircuit' },
          { actions: 'recordTrialFailure' },
        ],
        'call.ignored': [
          { guard: 'isLate', description: 'Of no trial that has not ended: ignored.' },
          { actions: 'releaseTrial', description: 'No verdict: the slot is free again.' },
        ],
        'call.cancelled': [
          { guard: 'isLate', description: 'Of no trial that has not ended: ignored.' },
          { actions: 'releaseTrial', description: 'No verdict: the slot is free again.' },
        ],
        'lease.requested': {
          guard: 'mayAskForLease',
          actions: 'askForLease',
          description: 'A call was turned down: whoever holds the slot of the fleet without using it gives it up.',
        },
        'trial.requested': {
          guard: 'mayAskForLease',
          actions: 'askForLease',
          description: 'The former name of lease.requested.',
        },
        'fleet.leaseGranted': { guard: 'hasFleet', actions: 'takeLease' },
        'fleet.leaseLost': { guard: 'hasFleet', actions: 'dropLease' },
        'fleet.opened': {
          guard: 'hasFleet',
          target: 'open',
          actions: 'adoptReopening',
          description: 'The trial of another breaker failed.',
        },
        'fleet.closed': { guard: 'hasFleet', target: 'closed', actions: 'adoptClosing' },
        'fleet.isolated': { guard: 'hasFleet', target: 'isolated', actions: 'adoptIsolation' },
      },
    },
    isolated: {
      description: 'Held open by hand: calls are rejected until every hold is released.',
      tags: ['rejecting'],
      entry: { type: 'announce', params: { state: 'isolated' } },
      exit: { type: 'leave', params: { state: 'isolated' } },
      on: {
        'breaker.trip': { description: 'It is held open already.' },
        'breaker.isolate': { actions: ['addHold', 'shareHolds'] },
        'breaker.release': [
          { guard: 'isLastHold', target: 'closed', actions: ['configure', 'closeCircuit'] },
          { actions: ['removeHold', 'shareHolds'] },
        ],
        'fleet.opened': [
          { guard: 'isHeldHere', actions: 'noteFleet' },
          { guard: 'hasFleet', target: 'open', actions: 'adoptOpening' },
        ],
        'fleet.closed': [
          { guard: 'isHeldHere', actions: 'noteFleet' },
          {
            guard: 'hasFleet',
            target: 'closed',
            actions: 'adoptClosing',
            description: 'Nobody else holds the circuit open any more.',
          },
        ],
      },
    },
    disabled: {
      description: 'Every call passes and nothing is counted.',
      tags: ['admitting', 'uncounted'],
      entry: { type: 'announce', params: { state: 'disabled' } },
      exit: { type: 'leave', params: { state: 'disabled' } },
      on: {
        'breaker.disable': { description: 'It is disabled already.' },
        'breaker.enable': { target: 'closed', actions: ['configure', 'closeCircuit'] },
      },
    },
  },
});
