import {
  type CircuitBreakerMachine,
  circuitBreakerMachine,
  type Fleet,
  type FleetEvent,
  type FleetInput,
  fleetImplementations,
  type NodeEvent,
} from 'agent-circuit-breaker/machines';
import { fromCallback, type NonReducibleUnknown } from 'xstate';

/** An event whose fields are of any type. */
interface Nonsense {
  readonly type: FleetEvent['type'];
  readonly [field: string]: unknown;
}

/** One breaker that has joined a fake fleet. */
export interface FakeMember {
  readonly input: FleetInput;
  /** What the breaker has told, oldest first; a test may empty it. */
  readonly told: NodeEvent[];
  /** Whether its actor has not been stopped. */
  readonly isThere: boolean;
  /** Sends what a fleet tells, whether it makes sense or not. */
  send(...events: readonly (FleetEvent | Nonsense)[]): void;
}

/** A fleet that does nothing by itself: it remembers what it is told, and tells what a test has it tell. */
export interface FakeFleet {
  readonly fleet: Fleet;
  readonly machine: CircuitBreakerMachine;
  /** Every breaker that has ever joined, in that order. */
  readonly members: readonly FakeMember[];
  /** The last breaker that has joined. */
  readonly member: FakeMember;
}

/** What a fleet answers at once. */
export type Answer = (event: NodeEvent) => FleetEvent | undefined;

/** Creates a fleet. @param answer - Answers, or throws, while the breaker is still at it. */
export function createFakeFleet(answer: Answer = () => undefined, sharesFailures?: boolean): FakeFleet {
  const members: FakeMember[] = [];
  const logic = fromCallback<NodeEvent, FleetInput & NonReducibleUnknown>(({ input, receive, sendBack }) => {
    const told: NodeEvent[] = [];
    let isThere = true;
    receive((event) => {
      told.push(event);
      const answered = answer(event);
      if (answered) sendBack(answered);
    });
    members.push({
      ...{ input, told },
      get isThere() {
        return isThere;
      },
      send: (...events) => {
        for (const event of events) sendBack(event);
      },
    });
    return () => {
      isThere = false;
    };
  });
  const fleet = fleetImplementations({ ...logic, sharesFailures });
  return {
    ...{ fleet, members, machine: circuitBreakerMachine.provide(fleet) },
    get member() {
      const member = members.at(-1);
      if (member === undefined) throw new Error('expected a breaker to have joined the fleet');
      return member;
    },
  };
}
