import { setTimeout as sleep } from 'node:timers/promises';
import { type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { type Provider, startProvider } from '../provider/index.ts';
import { createLane, type Lane } from './lane.ts';
import type { Observer, Outage, Recording, Transition } from './recording.ts';
import { faultAt, isOutage, scenario } from './scenario.ts';

/** The work of the demo: the same calls at the same instants, with a breaker and without. */
export class Workload implements Recording, AsyncDisposable {
  readonly transitions: Transition[] = [];
  readonly #startedAt = performance.now();
  readonly #breaker: CircuitBreaker;
  readonly #stop: AbortSignal;
  readonly #guarded: Lane;
  readonly #bare: Lane;
  #outage: Outage = { fromMs: null, toMs: null };

  private constructor(stop: AbortSignal, guarded: Provider, bare: Provider, inspect: BreakerOptions['inspect']) {
    const elapsedMs = () => this.elapsedMs;
    const breaker = createBreaker({
      name: 'model',
      failureThreshold: scenario.failureThreshold,
      recoveryTimeout: scenario.recoveryTimeoutMs,
      inspect,
    });
    this.#stop = stop;
    this.#breaker = breaker;
    this.#guarded = createLane({ provider: guarded, elapsedMs, stop, breaker });
    this.#bare = createLane({ provider: bare, elapsedMs, stop });
  }

  /**
   * Starts a provider for each side, and gets ready.
   *
   * @param stop - Ends the work before its time.
   * @param inspect - Sees what the breaker's actor does.
   */
  static async start(stop: AbortSignal, inspect: BreakerOptions['inspect']): Promise<Workload> {
    await warmUp();
    const [guarded, bare] = await Promise.all([startProvider(), startProvider()]);
    return new Workload(stop, guarded, bare, inspect);
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  get outage(): Outage {
    return this.#outage;
  }

  get guarded() {
    return { calls: this.#guarded.calls, requestCount: this.#guarded.provider.requestCount };
  }

  get bare() {
    return { calls: this.#bare.calls, requestCount: this.#bare.provider.requestCount };
  }

  get admittedCount(): number {
    return this.#breaker.metrics().calls;
  }

  get state() {
    return this.#breaker.state;
  }

  get isInterrupted(): boolean {
    return this.#stop.aborted;
  }

  /** Works to the end, or until it is stopped; resolves when every call has ended. */
  async run(observer: Observer): Promise<void> {
    this.#breaker.on('stateChange', (from, to) => {
      const transition = { atMs: Math.round(this.elapsedMs), from, to };
      this.transitions.push(transition);
      observer.onTransition(transition);
    });
    const asked: Promise<unknown>[] = [];
    const beganAt = this.elapsedMs;
    for (let tick = 0; tick < scenario.ticks; tick++) {
      await this.#sleepUntil(beganAt + tick * scenario.tickMs);
      if (this.#stop.aborted) break;
      this.#changeWeather(tick, observer);
      asked.push(this.#guarded.ask().then((call) => observer.onCallEnded(call)));
      asked.push(this.#bare.ask());
    }
    await Promise.all(asked);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#breaker.stop();
    await Promise.all([this.#guarded.provider.stop(), this.#bare.provider.stop()]);
  }

  #changeWeather(tick: number, observer: Observer): void {
    for (const { provider } of [this.#guarded, this.#bare]) provider.setFault(faultAt(tick));
    if (tick > 0 && isOutage(tick) === isOutage(tick - 1)) return;
    const atMs = Math.round(this.elapsedMs);
    if (isOutage(tick)) this.#outage = { fromMs: atMs, toMs: null };
    else if (this.#outage.fromMs !== null) this.#outage = { fromMs: this.#outage.fromMs, toMs: atMs };
    observer.onWeather(atMs, isOutage(tick));
  }

  async #sleepUntil(dueMs: number): Promise<void> {
    const leftMs = dueMs - this.elapsedMs;
    if (leftMs > 0) await sleep(leftMs, undefined, { signal: this.#stop }).catch(() => {});
  }
}

/** A process loads its HTTP client with its first request, which would make the first call look slow. */
async function warmUp(): Promise<void> {
  await using provider = await startProvider();
  await createLane({ provider, elapsedMs: () => 0, stop: AbortSignal.timeout(5_000) }).ask();
}
