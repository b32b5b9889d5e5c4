/**
 * Loaded before a built application (`node --import`): its clock is CHAOS_CLOCK_MS ahead, or behind. As libfaketime
 * would have it, for what a program can ask Node.js; the timers run as ever.
 */
const shiftMs = Number(process.env.CHAOS_CLOCK_MS ?? 0);
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...args: readonly unknown[]) {
    if (args.length === 0) super(RealDate.now() + shiftMs);
    else super(...(args as ConstructorParameters<DateConstructor>));
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
