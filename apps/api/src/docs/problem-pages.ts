import type { ProblemText } from './problem-text.js';

const STYLE = `:root{color-scheme:light dark;--paper:#fdfefc;--ink:#16272a;--link:#14605a}
@media (prefers-color-scheme:dark){:root{--paper:#0d1717;--ink:#e4f0ec;--link:#6fd0c0}}
body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
html{background:var(--paper);color:var(--ink)}a{color:var(--link)}code{font-size:.95em;overflow-wrap:anywhere}`;

/** All codes on one page. */
export function problemsPage(problems: readonly ProblemText[]): string {
  const items = problems.map(
    ({ code, status, meaning }) =>
      `<li><a href="/docs/problems/${code}"><code>${code}</code></a> (${status}): ${meaning}</li>`,
  );
  return page(
    'Problems',
    `<p>The values of <code>code</code> in problem documents.</p><ul>${items.join('')}</ul>`,
  );
}

/** One code: what it means and what to do. The texts are ours; nothing of a request is shown. */
export function problemPage({ code, status, meaning, remedy }: ProblemText): string {
  const back = '<p><a href="/docs/problems">All problems</a> · <a href="/docs">API</a></p>';
  return page(
    code,
    `<p>HTTP status ${status}</p><p>${meaning}</p><p><strong>What to do:</strong> ${remedy}</p>${back}`,
  );
}

function page(title: string, body: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title} · Bellhop</title>`;
  return `<!doctype html><html lang="en"><head>${head}<style>${STYLE}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}
