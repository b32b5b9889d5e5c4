type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Puts a function around a method; `original` is already bound to the object, which comes last. */
export function around<T extends object>(
  prototype: T,
  name: string,
  wrapper: (original: (...args: unknown[]) => unknown, args: unknown[], self: object) => unknown,
): void {
  const methods = prototype as Record<string, unknown>;
  const method = methods[name] as Method | undefined;
  if (typeof method !== 'function') throw new Error(`there is no ${name} to put a crash point at`);
  methods[name] = function wrapped(this: object, ...args: unknown[]): unknown {
    return wrapper((...given) => method.apply(this, given), args, this);
  };
}

/** Calls back when the promise has resolved, before anyone who awaits what is returned. */
export function whenDone(promise: unknown, then: (value: unknown) => void): Promise<unknown> {
  return Promise.resolve(promise).then((value) => {
    then(value);
    return value;
  });
}
