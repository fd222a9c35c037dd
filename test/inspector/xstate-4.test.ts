import { once } from 'node:events';
import { attachBreaker, createBreaker } from 'agent-circuit-breaker';
import { registerWithXStateInspect } from 'agent-circuit-breaker/inspect';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type AnyStateNode, createActor, setup } from 'xstate';
import { readMessage, startXState4Inspector, type XState4Message, type XState4Node } from 'xstate-4-inspector';
import { createTestClock } from '../support/test-clock.ts';

const secret = 'sk-live-123';
const down = Object.assign(new Error(`401 for ${secret}`), { headers: { authorization: secret }, prompt: secret });
const fail = async () => {
  throw down;
};

// It never lets go of what it has put up, so there is one for all.
let inspector: Disposable & { readonly url: string };

beforeAll(async () => {
  // XState 4 says about every machine without a certain setting that it should have it.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  inspector = await startXState4Inspector();
});

afterAll(() => {
  inspector[Symbol.dispose]();
  vi.restoreAllMocks();
});

afterEach(() => vi.unstubAllGlobals());

/** Somebody in the place of the viewer. */
async function startWatching() {
  const socket = new WebSocket(inspector.url);
  const texts: string[] = [];
  socket.on('message', (data) => texts.push(String(data)));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'xstate.inspecting' }));
  // Messages are handled in their order: what comes after the pong finds a viewer.
  socket.ping();
  await once(socket, 'pong');
  const messages = () => texts.map(readMessage);
  return {
    texts,
    messages,
    /** Sends a breaker an event, the way the viewer does when one clicks a transition. */
    sendEvent: (origin: string, data: unknown) => {
      const event = { name: 'clicked', data, $$type: 'scxml', type: 'external', origin };
      socket.send(JSON.stringify({ type: 'xstate.event', event: JSON.stringify(event) }));
    },
    until: async (isWanted: (message: XState4Message) => boolean) => {
      while (!messages().some(isWanted)) await once(socket, 'message');
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

const valuesOf = (messages: readonly XState4Message[]) =>
  messages.filter(({ type }) => type === 'service.state').map(({ state }) => state?.value);
const eventsOf = (messages: readonly XState4Message[]) =>
  messages.filter(({ type }) => type === 'service.event').map(({ event }) => event?.data?.type);

describe('registerWithXStateInspect', () => {
  it('shows the whole chart, as the viewer reads it', async () => {
    using watching = await startWatching();
    using breaker = createBreaker({ name: 'model' });
    registerWithXStateInspect(breaker);
    await watching.until(({ type }) => type === 'service.register');
    const { machine, state, id } = watching.messages().find(({ type }) => type === 'service.register') ?? {};
    if (machine === undefined) throw new Error('no machine was registered');
    expect(id).toBe('model');
    expect(drawXState4(machine)).toEqual(drawXState5(circuitBreakerMachine.root));
    expect(drawXState4(machine).join('\n')).toContain('breaker.open: after recoveryTimeout [] -> breaker.halfOpen');
    expect(state?.configuration.map((node) => node.id)).toEqual(['breaker', 'breaker.closed']);
    expect(state?.hasTag('admitting')).toBe(true);
  });

  it('S-75 shows each event and each state in their order, and no secret', async () => {
    using watching = await startWatching();
    const clock = createTestClock();
    using breaker = createBreaker({ name: 'model', failureThreshold: 1, clock });
    registerWithXStateInspect(breaker);
    await breaker.call(async () => 'answer');
    await breaker.call(fail).catch(() => {});
    clock.advance(60_000);
    await breaker.call(async () => 'answer');
    breaker.actor.send({ type: 'call.failed', error: down });
    await watching.until(({ state }) => state?._event.name === 'call.failed' && state.context.generation === 4);

    const messages = watching.messages();
    expect(eventsOf(messages)).toEqual([
      ...['xstate.init', 'call.succeeded', 'call.failed', 'xstate.after.recoveryTimeout.breaker.open'],
      ...['trial.started', 'call.succeeded', 'call.failed'],
    ]);
    expect(valuesOf(messages)).toEqual([
      ...['closed', 'open', { halfOpen: 'free' }, { halfOpen: 'full' }, 'closed', 'open'],
    ]);
    const types = messages.map(({ type }) => type).slice(2);
    expect(types.filter((type, index) => type !== (index % 2 === 0 ? 'service.event' : 'service.state'))).toEqual([]);
    expect(watching.texts.join('\n')).not.toContain(secret);
  });

  it('shows a breaker to a viewer that comes later, in its present state', async () => {
    using breaker = createBreaker({ name: 'model' });
    registerWithXStateInspect(breaker);
    breaker.trip();
    using watching = await startWatching();
    await watching.until(({ type }) => type === 'service.register');
    expect(watching.messages()[0]?.state?.matches('open')).toBe(true);
  });

  it('takes events from the viewer, each once, and nothing that is not for the breaker', async () => {
    using watching = await startWatching();
    using breaker = createBreaker({ name: 'model' });
    registerWithXStateInspect(breaker);
    await watching.until(({ type }) => type === 'service.register');
    const sessionId = String(watching.messages()[0]?.sessionId);
    const timer = 'xstate.after.recoveryTimeout.breaker.open';
    watching.sendEvent(sessionId, { type: 'breaker.trip' });
    for (const data of [{ type: timer }, { type: 'xstate.stop' }, { type: 'unknown' }, null, 'breaker.reset', {}])
      watching.sendEvent(sessionId, data);
    watching.sendEvent(sessionId, { type: 'breaker.isolate' });
    await watching.until(({ state }) => state?.value === 'isolated');
    expect(breaker.state).toBe('isolated');
    expect(eventsOf(watching.messages()).filter((type) => type === 'breaker.isolate')).toHaveLength(1);
    expect(valuesOf(watching.messages())).toEqual(['open', 'isolated']);
  });

  it('ends with the breaker, and when it is told so', async () => {
    using watching = await startWatching();
    const stopped = createBreaker({ name: 'stopped' });
    const hidden = createBreaker({ name: 'hidden' });
    registerWithXStateInspect(stopped);
    const hide = registerWithXStateInspect(hidden);
    stopped.stop();
    hide();
    hide();
    hidden.trip();
    const shown = createBreaker({ name: 'shown' });
    registerWithXStateInspect(shown);
    shown.trip();
    await watching.until(({ state }) => state?.value === 'open');
    const stops = watching.messages().filter(({ type }) => type === 'service.stop');
    expect(new Set(stops.map(({ sessionId }) => sessionId)).size).toBe(2);
    expect(stops).toHaveLength(2);
    const endOf = (sessionId: string | undefined) =>
      watching
        .messages()
        .filter((message) => message.sessionId === sessionId)
        .at(-1)?.type;
    expect(stops.map(({ sessionId }) => endOf(sessionId))).toEqual(['service.stop', 'service.stop']);
    hidden.stop();
    shown.stop();
  });

  it('shows a breaker once, however often it is registered, and anew after it was hidden', async () => {
    using watching = await startWatching();
    using breaker = createBreaker({ name: 'model' });
    registerWithXStateInspect(breaker);
    const hide = registerWithXStateInspect(breaker.actor);
    breaker.trip();
    await watching.until(({ state }) => state?.value === 'open');
    expect(valuesOf(watching.messages())).toEqual(['open']);
    hide();
    registerWithXStateInspect(breaker);
    breaker.reset();
    await watching.until(({ state }) => state?.value === 'closed' && state._event.name === 'breaker.reset');
    expect(watching.messages().filter(({ type }) => type === 'service.register')).toHaveLength(2);
  });

  it('shows a breaker that lives in a parent, and nothing else of that system', async () => {
    using watching = await startWatching();
    const parent = setup({ actors: { breaker: circuitBreakerMachine } }).createMachine({
      invoke: { src: 'breaker', systemId: 'model', input: { name: 'model' } },
    });
    const root = createActor(parent).start();
    const breaker = attachBreaker(root.system.get('model'));
    registerWithXStateInspect(breaker);
    breaker.trip();
    root.stop();
    await watching.until(({ type }) => type === 'service.stop');
    expect(new Set(watching.messages().map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(eventsOf(watching.messages()).slice(0, 2)).toEqual(['xstate.init', 'breaker.trip']);
  });

  it('S-50 goes on when the inspector throws', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const services = new Set();
    const register = (service: { subscribe(listener: () => void): void }) => {
      service.subscribe(() => {
        throw new Error('the window is closed');
      });
    };
    vi.stubGlobal('__xstate__', { services, register });
    using breaker = createBreaker({ failureThreshold: 1 });
    registerWithXStateInspect(breaker);
    await breaker.call(fail).catch(() => {});
    breaker.reset();
    expect(breaker.state).toBe('closed');
    expect(await breaker.call(async () => 'answer')).toBe('answer');
    expect(log.mock.calls[0]?.[0]).toBe('@xstate/inspect could not show "breaker":');
    breaker.stop();
    log.mockRestore();
  });

  it('says what is missing where there is no inspector, or no breaker', async () => {
    using breaker = createBreaker();
    vi.stubGlobal('__xstate__', undefined);
    expect(() => registerWithXStateInspect(breaker)).toThrow(/Call inspect\(\) of @xstate\/inspect first/);
    const wanted = /registerWithXStateInspect wants .* but was given an actor of other logic\.$/;
    const other = createActor(setup({}).createMachine({})).start();
    expect(() => Reflect.apply(registerWithXStateInspect, undefined, [other])).toThrow(wanted);
    for (const value of [undefined, null, 5, {}, { actor: 'model' }])
      expect(() => Reflect.apply(registerWithXStateInspect, undefined, [value])).toThrow(TypeError);
  });
});

/** Every state with its tags and description, and every transition with its guard, target and actions. */
function drawXState4(node: XState4Node): readonly string[] {
  return [
    `${node.id} (${node.tags}) ${node.description}`,
    ...node.transitions.map(({ eventType, cond, target, actions, description }) => {
      const event = eventType.replace(/^xstate\.after\((.+)\)#.*$/, 'after $1');
      return draw(node.id, event, cond?.name, target, actions, description);
    }),
    ...Object.values(node.states).flatMap(drawXState4),
  ].sort();
}

/** The same of XState 5. */
function drawXState5(node: AnyStateNode): readonly string[] {
  const always = (node.always ?? []).map((transition) => [transition] as const);
  return [
    `${node.id} (${node.tags}) ${node.description}`,
    ...[...always, ...node.transitions.values()].flat().map(({ eventType, guard, target, actions, description }) => {
      const event = eventType.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');
      return draw(node.id, event, guard, target, actions, description);
    }),
    ...Object.values(node.states).flatMap(drawXState5),
  ].sort();
}

function draw(
  id: string,
  event: string,
  guard: unknown,
  target: readonly { readonly id: string }[] | undefined,
  actions: readonly unknown[],
  description: string | undefined,
): string {
  const targets = (target ?? []).map((node) => node.id);
  const effects = actions.map((action) => (typeof action === 'object' ? Reflect.get(Object(action), 'type') : action));
  return `${id}: ${event} [${guard ?? ''}] -> ${targets} / ${effects} ${description ?? ''}`;
}
