/** What a template may name. */
export interface SignedParts {
  readonly id: string;
  readonly timestamp: string;
  readonly body: Buffer;
  readonly url: string;
}

/** Literal texts and parts in their order. */
export type Template = readonly (string | { readonly part: keyof SignedParts })[];

const PARTS: readonly string[] = ['id', 'timestamp', 'body', 'url'] satisfies (keyof SignedParts)[];

/** Reads `{timestamp}.{body}`; whatever is no part in braces is signed as it stands. */
export function parseTemplate(text: string): Template {
  const pieces = text.split(/(\{[a-z]+\})/).filter((piece) => piece !== '');
  return pieces.map((piece) => {
    const name = piece.slice(1, -1);
    return piece.startsWith('{') && isPart(name) ? { part: name } : piece;
  });
}

function isPart(name: string): name is keyof SignedParts {
  return PARTS.includes(name);
}
