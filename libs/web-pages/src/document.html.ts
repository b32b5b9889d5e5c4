import type { Assets } from './assets.js';
import { html, type Html } from './html.js';

export interface DocumentParts {
  readonly title: string;
  readonly assets: Assets;
  /** The app's own files. The shared style sheet comes before its own. */
  readonly files: { readonly icon: string; readonly style: string; readonly script: string };
  /** Where the keyboard's first link leads. */
  readonly skip: { readonly to: string; readonly text: string };
  readonly body: Html;
}

/** A whole page around its body. */
export function htmlDocument({ title, assets, files, skip, body }: DocumentParts): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${assets.href(files.icon)}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets.href('pages.css')}" />
        <link rel="stylesheet" href="${assets.href(files.style)}" />
        <script src="${assets.href(files.script)}" defer></script>
      </head>
      <body>
        <a class="skip" href="#${skip.to}">${skip.text}</a>
        ${body}
      </body>
    </html>`;
}
