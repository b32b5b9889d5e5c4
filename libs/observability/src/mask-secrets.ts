const MASK = '[redacted]';

/** What must never stand in a log, wherever it appears in a line: our keys, signing secrets, credentials of others. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\bbhk_[\w-]{8,}/g, `bhk_${MASK}`],
  [/\bwhsec_[A-Za-z0-9+/]{8,}={0,2}/g, `whsec_${MASK}`],
  [/\b(Bearer|Basic|ApiKey|Digest)\s+[^\s"'\\,]+/gi, `$1 ${MASK}`],
  [/(:\/\/)[^\s/"'@\\]*:[^\s/"'@\\]*@/g, `$1${MASK}@`],
];

/** The text with every key, secret and password in it replaced. */
export function maskSecrets(text: string): string {
  return SECRETS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

/** Control characters except line feed, line and paragraph separators, direction overrides. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** The text with every character escaped that could move a terminal's cursor, colour it or turn its direction. */
export function escapeControls(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
