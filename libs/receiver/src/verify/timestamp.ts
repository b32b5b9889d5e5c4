/** Seconds that a signed timestamp may lie beside our clock; the published libraries take the same. */
export const TOLERANCE_SECONDS = 300;

/** Whether a header of Unix seconds is near `now`. Anything but digits is not: it could mean two things to two readers. */
export function isRecent(text: string | undefined, now: Date, toleranceSeconds = TOLERANCE_SECONDS): boolean {
  if (text === undefined || !/^\d{1,12}$/.test(text)) return false;
  return Math.abs(now.getTime() / 1000 - Number(text)) <= toleranceSeconds;
}
