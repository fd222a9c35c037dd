/** A method of an object, as a guard sees it. */
export type Method = (...args: readonly unknown[]) => unknown;

/**
 * The object with other methods in front of some of its own. All else is the object's: its class, its other methods,
 * which run on the object itself, and its properties, which are read and written there.
 *
 * @param target - It is not changed.
 * @param guards - The methods in front, by name.
 */
export function inFrontOf<T extends object>(target: T, guards: ReadonlyMap<PropertyKey, Method>): T {
  const bound = new WeakMap<object, unknown>();
  return new Proxy(target, {
    get(_target, name) {
      const guard = guards.get(name);
      if (guard) return guard;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || name === 'constructor' || Object.hasOwn(target, name)) return value;
      // Methods that use `#private` fields would fail on the proxy.
      if (!bound.has(value)) bound.set(value, value.bind(target));
      return bound.get(value);
    },
    set: (_target, name, value) => Reflect.set(target, name, value, target),
  });
}

/** Calls a method of an object. */
export function callOn(target: object, name: string, args: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new TypeError(`The client has no method ${name}.`);
  return Reflect.apply(method, target, args);
}
