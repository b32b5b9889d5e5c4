const MAX_CHARACTERS = 80;
/** Of a longer text only this much is looked at: a character takes two units at most. */
const MAX_UNITS = MAX_CHARACTERS * 2 + 1;

/** A few words that tell a message from others of its type; empty where its content has none. */
export function excerptOf(content: unknown): string {
  const data = member(content, 'data');
  const said = [member(data, 'name'), member(data, 'message')].filter(isText).map(shortened);
  const subjects = [member(content, 'subject'), member(data, 'subject'), member(data, 'id')];
  return said.length > 0 ? shortened(said.join(': ')) : (subjects.filter(isText).map(shortened)[0] ?? '');
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function shortened(text: string): string {
  const characters = Array.from(text.trim().slice(0, MAX_UNITS));
  return characters.length > MAX_CHARACTERS
    ? `${characters.slice(0, MAX_CHARACTERS - 1).join('')}…`
    : characters.join('');
}
