// opossum ships no types; this much of it is measured.
declare module 'opossum' {
  class OpossumBreaker<R> {
    constructor(action: () => Promise<R>, options?: Readonly<Record<string, unknown>>);
    fire(): Promise<R>;
    shutdown(): void;
  }
  export = OpossumBreaker;
}
