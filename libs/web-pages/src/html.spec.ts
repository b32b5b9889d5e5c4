import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from './html.js';

/** What strangers write into guestbooks; each would do something if it reached the page unescaped. */
const VECTORS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '` onmouseover=`alert(1)',
  '</textarea><script>alert(1)</script>',
  '</title></style><b>',
  '<a href=javascript:alert(1)>x</a>',
  '<a href=data:text/html,x>x</a>',
  '<!--',
  ']]><x>',
  '&lt;script&gt;',
  '</script><script>alert(1)</script>',
];

test.each(VECTORS)('%s becomes text in an element and in an attribute', (vector) => {
  const { text } = html`<p title="${vector}">${vector}</p>`;
  const inner = text.slice('<p title="'.length, -'</p>'.length);
  const [attribute = '', content = ''] = inner.split('">');
  expect(attribute).not.toMatch(/[<>"'`]/);
  expect(content).not.toMatch(/[<>"'`]/);
});

test('whatever the text, decoding gives it back and no markup comes through', () => {
  const isHarmless = (value: string): boolean => {
    const { text } = html`${value}`;
    return !/[<>"'`]/.test(text) && decode(text) === value.replaceAll('\0', '\ufffd');
  };
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '`',
    '&',
    '&lt;',
    '\0',
    '\u202e',
    'a',
    ' ',
    '😀',
    '\ud83d',
  );
  fc.assert(fc.property(fc.array(pieces), (text) => isHarmless(text.join(''))));
});

test('markup made by a template is not escaped again, lists are joined, nothing is left for what is not there', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  const list = html`<b>${items}${null}${undefined}${false}</b>`;
  expect(list.text).toBe('<b><li>a</li><li>&lt;b&gt;</li></b>');
});

test('an object that only looks like markup is escaped', () => {
  const forged = { text: '<b>', toString: () => '<b>' } as unknown as string;
  expect(html`${forged}`.text).toBe('&lt;b&gt;');
});

test('templates of other languages and numbers pass as text', () => {
  expect(html`${'{{7*7}}'} ${49}`.text).toBe('{{7*7}} 49');
});

function decode(text: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };
  return text.replace(/&([a-z0-9#]+);/g, (_, name: string) => names[name] ?? '');
}
