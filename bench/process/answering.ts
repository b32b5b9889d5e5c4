/** Between the benchmark and its processes. Calls of number 0 want no answer; answers of number 0 are notices. */
export interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Answers the calls of the process that started this one, and ends with it. */
export function answerCalls(handlers: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on('message', (call: Call) => void answer(call, handlers[call.name]));
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C in the terminal reaches everyone; whoever started us says when it is over.
  process.on('SIGINT', () => undefined);
}

/** Says something unasked. */
export function notify(result: unknown): void {
  if (process.connected) process.send?.({ id: 0, result } satisfies Answer);
}

async function answer(call: Call, handler: ((argument: never) => unknown) | undefined): Promise<void> {
  try {
    if (handler === undefined) throw new Error('there is no such call');
    const result = await handler(call.argument as never);
    if (call.id > 0) process.send?.({ id: call.id, result } satisfies Answer);
  } catch (error) {
    process.send?.({ id: call.id, error: String(error) } satisfies Answer);
  }
}
