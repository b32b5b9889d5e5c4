let lastMs = NaN;
let lastText = '';

/** As `toISOString`; events that come together share their moment, and making its text costs as much as signing half. */
export function isoTime(time: Date): string {
  const ms = time.getTime();
  if (ms === lastMs) return lastText;
  lastText = time.toISOString();
  lastMs = ms;
  return lastText;
}
