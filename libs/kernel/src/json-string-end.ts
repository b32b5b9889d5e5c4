const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The place after the closing quote of the JSON string whose opening quote is at `at`; the end if it is never closed. */
export function jsonStringEnd(json: Buffer, at: number): number {
  let quote = json.indexOf(QUOTE, at + 1);
  while (quote >= 0 && isEscaped(json, quote)) quote = json.indexOf(QUOTE, quote + 1);
  return quote < 0 ? json.length : quote + 1;
}

/** After an odd number of backslashes a quote belongs to the text. */
function isEscaped(json: Buffer, quote: number): boolean {
  let at = quote - 1;
  while (json[at] === BACKSLASH) at -= 1;
  return (quote - at) % 2 === 0;
}
