import { lotOf } from '../../machines/actor-clock.ts';
import { systemClock } from '../platform/clock.ts';
import { type FleetAnswer, type FleetNews, readAnswer, readNews } from './fleet-answer.ts';
import { startPatience } from './patience.ts';
import type { RedisConnection, RedisScript } from './redis-client.ts';
import { isRefusal, isRefusalOfAll } from './refusals.ts';
import { keysOf, loadScript, writeRequest } from './script-call.ts';

/** How long to wait, at the longest, before a server that could not be reached is asked again, in ms. */
const probeMs = 300;

/** No more than so many polls a second are sent, however many breakers a process has. */
const pollsPerSecond = 100;

/** How far the first questions of many breakers are spread after a break, in ms. */
const spreadMs = 300;

/** A breaker that listens to the fleet. */
export interface LinkMember {
  readonly name: string;
  /** Whether it has heard of the fleet, and has not lost it since. */
  readonly isConnected: boolean;
  /** To ask the fleet how things are; settles when that is known, or cannot be. */
  sync(): Promise<void>;
  hear(news: FleetNews): void;
  lose(): void;
}

/** What a link is made of. */
export interface LinkSettings {
  readonly prefix: string;
  /** How long an answer may take before the server counts as gone, in ms. */
  readonly timeoutMs: number;
  readonly onConnected: () => void;
  readonly onDisconnected: (error: unknown) => void;
  /** Hears of what the server refuses, though it answers. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * The connection of one process to its fleet, which all its breakers share. A server that is gone, silent or that refuses
 * is the same: the breakers are told once, and it is asked again from time to time, one question at once, so that
 * nothing piles up.
 */
export class FleetLink {
  /** Names this process among the nodes of the fleet. */
  readonly node: string = crypto.randomUUID();
  readonly channel: string;
  readonly #connection: RedisConnection;
  readonly #settings: LinkSettings;
  readonly #members = new Set<LinkMember>();
  readonly #loading: Promise<RedisScript> = loadScript();
  #script: RedisScript | undefined;
  /** Undefined before the first answer, or the first that failed to come. */
  #isUp: boolean | undefined;
  /** How often the server has been lost. */
  #falls = 0;
  #probes = 0;
  #unanswered = 0;
  #probe: unknown;
  #endWatch: (() => void) | undefined;
  #endListening: (() => void) | undefined;

  constructor(connection: RedisConnection, settings: LinkSettings) {
    this.#connection = connection;
    this.#settings = settings;
    this.channel = `${settings.prefix}news`;
    this.#loading.then((script) => {
      this.#script = script;
    });
  }

  /** Whether a breaker is one of it. */
  has(member: LinkMember): boolean {
    return this.#members.has(member);
  }

  /** Whether any of its breakers has a name. */
  hasName(name: string): boolean {
    return [...this.#members].some((member) => member.name === name);
  }

  /** How many breakers there are. */
  get size(): number {
    return this.#members.size;
  }

  /** How often each breaker may ask how things are that wants to ask every so many ms. */
  pollMsOf(wantedMs: number): number {
    return Math.max(wantedMs, (this.size * 1000) / pollsPerSecond);
  }

  /** Whether the server is gone; whoever is one of it will be asked to try again. */
  get isLost(): boolean {
    return this.#isUp === false;
  }

  /** Takes a breaker in, and connects for the first of them. */
  add(member: LinkMember): void {
    this.#members.add(member);
    if (this.#members.size === 1) this.#start();
    if (this.#isUp === false) member.lose();
    else if (this.#connection.isReady) member.sync();
  }

  /** Lets a breaker go; without any there is no connection. */
  remove(member: LinkMember): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    systemClock.clearTimeout(this.#probe);
    this.#probe = undefined;
    this.#endWatch?.();
    this.#endListening?.();
    this.#endListening = undefined;
    this.#isUp = undefined;
  }

  /**
   * Asks the server.
   *
   * @param name - Name of the breaker whose keys are touched.
   * @throws Whatever went wrong; the members have been told then.
   */
  async ask(name: string, request: object): Promise<FleetAnswer> {
    const falls = this.#falls;
    try {
      if (!this.#connection.isReady) throw new Error('There is no connection to the server.');
      const answer = await this.#answer(name, writeRequest(request));
      // What was asked before the server was lost says nothing of now.
      if (falls === this.#falls) this.#rise();
      if (answer.refusal !== undefined) this.#settings.onRefused(new Error(`PUBLISH: ${answer.refusal}`));
      return answer;
    } catch (error) {
      if (this.#isLocal(error)) {
        this.#rise();
        this.#settings.onRefused(error);
      } else this.#fall(error);
      throw error;
    }
  }

  /** Whether a failure is that of one breaker's keys, or of the node of a cluster that has them, and not of the server. */
  #isLocal(error: unknown): boolean {
    if (!this.#connection.isReady) return false;
    return this.#connection.isCluster || (isRefusal(error) && !isRefusalOfAll(error));
  }

  async #answer(name: string, request: string): Promise<FleetAnswer> {
    const keys = keysOf(this.#settings.prefix, name);
    const send = (script: RedisScript) => this.#connection.evaluate(script, keys, request);
    this.#unanswered++;
    // At once where that is possible: the client may be closed in the next moment.
    const reply = (this.#script ? send(this.#script) : this.#loading.then(send)).finally(() => {
      this.#unanswered--;
    });
    const patience = startPatience(this.#settings.timeoutMs);
    try {
      return readAnswer(await Promise.race([reply, patience.end]));
    } finally {
      patience.stop();
    }
  }

  #start(): void {
    this.#endWatch = this.#connection.watch(() => this.#look());
    this.#listen();
    // The client may have all the time it wants to connect, but not whoever waits for the first word.
    if (!this.#connection.isReady) this.#probeIn(this.#settings.timeoutMs);
  }

  /** Listens as long as the client is meant to be connected: nothing is to outlive it. */
  #listen(): void {
    if (!this.#connection.isOpen) {
      this.#endListening?.();
      this.#endListening = undefined;
    } else
      this.#endListening ??= this.#connection.subscribe(
        this.channel,
        (message) => this.#hear(message),
        () => this.#syncAll(),
      );
  }

  /** The connection may have been made, or lost. */
  #look(): void {
    // Listening may begin when nobody is left to listen for.
    if (this.#members.size === 0) return;
    this.#listen();
    if (!this.#connection.isReady) {
      if (this.#isUp) this.#fall(new Error('The connection to the server is lost.'));
    } else if (!this.#isUp) this.#probeIn(0);
  }

  #hear(message: string): void {
    const news = readNews(message);
    if (news === undefined) return;
    for (const member of this.#members) if (member.name === news.name) member.hear(news);
  }

  #rise(): void {
    if (this.#isUp || this.#members.size === 0) return;
    this.#isUp = true;
    systemClock.clearTimeout(this.#probe);
    this.#probe = undefined;
    this.#settings.onConnected();
    this.#spread((member) => !member.isConnected);
  }

  #fall(error: unknown): void {
    if (this.#members.size === 0) return;
    const isNew = this.#isUp !== false;
    this.#isUp = false;
    if (isNew || this.#probe === undefined) this.#probeIn(probeMs * (0.5 + lotOf({}) / 2));
    if (!isNew) return;
    this.#falls++;
    for (const member of this.#members) member.lose();
    this.#settings.onDisconnected(error);
  }

  /** Asks whether the server is back, by what any of the breakers has to ask anyway. */
  #probeIn(ms: number): void {
    systemClock.clearTimeout(this.#probe);
    this.#probe = systemClock.setTimeout(() => {
      this.#probe = undefined;
      // Another one each time: what one of them asks may fail for reasons of its own.
      const member = [...this.#members][this.#probes++ % this.#members.size];
      if (!this.#connection.isReady) this.#fall(new Error('There is no connection to the server.'));
      else if (this.#unanswered === 0) member?.sync();
      else this.#probeIn(probeMs);
    }, ms);
  }

  /** What was published while nobody listened is lost: everybody asks, not all at once. */
  #syncAll(): void {
    if (!this.#isUp) this.#look();
    else this.#spread(() => true);
  }

  #spread(isAsking: (member: LinkMember) => boolean): void {
    const falls = this.#falls;
    const step = Math.min(spreadMs / this.#members.size, 2);
    let delay = 0;
    for (const member of this.#members) {
      systemClock.setTimeout(() => {
        if (falls === this.#falls && this.#members.has(member) && isAsking(member)) member.sync();
      }, delay);
      delay += step;
    }
  }
}
