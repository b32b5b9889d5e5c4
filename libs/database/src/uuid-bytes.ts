/** The value of each hexadecimal digit, by its character code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 0 : value;
});
/** Where in a UUID's text each of its bytes stands. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Writes the sixteen bytes of a UUID; its text is trusted. */
export function writeUuid(uuid: string, target: Buffer, at: number): void {
  for (let index = 0; index < PLACES.length; index += 1) {
    const place = PLACES[index] ?? 0;
    const high = DIGITS[uuid.charCodeAt(place)] ?? 0;
    target[at + index] = (high << 4) | (DIGITS[uuid.charCodeAt(place + 1)] ?? 0);
  }
}
