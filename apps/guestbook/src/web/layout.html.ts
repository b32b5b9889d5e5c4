import { type Assets, html, type Html, htmlDocument } from '#libs/web-pages';

export interface PageParts {
  readonly title: string;
  readonly menu: Html;
  readonly assets: Assets;
  readonly content: Html;
}

const FILES = { icon: 'bell.svg', style: 'guestbook.css', script: 'guestbook.js' };
const SKIP = { to: 'content', text: 'Skip to the content' };

/** What all pages of the guestbook share. */
export function layout({ title, menu, assets, content }: PageParts): Html {
  const body = html`<header class="masthead">
      <div class="wrap masthead-row">
        <a class="brand" href="/">
          <img src="${assets.href('bell.svg')}" alt="" width="44" height="44" />
          <span>The Guestbook</span>
        </a>
        ${menu}
      </div>
      <div class="stripes" aria-hidden="true"></div>
    </header>
    <main id="content" class="wrap">${content}</main>
    <footer class="wrap">
      <p>Every entry is an event: signed, delivered and retried by Bellhop until each subscriber has it.</p>
    </footer>`;
  return htmlDocument({ title, assets, files: FILES, skip: SKIP, body });
}
