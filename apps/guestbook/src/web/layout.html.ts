import { type Assets, html, type Html, htmlDocument } from '#libs/web-pages';

export interface PageParts {
  readonly title: string;
  /** The entry of the menu that this page is. */
  readonly path: '/' | '/webhooks';
  readonly assets: Assets;
  readonly content: Html;
}

const MENU = [
  ['/', 'Guestbook'],
  ['/webhooks', 'Webhooks'],
] as const;

const FILES = { icon: 'bell.svg', style: 'guestbook.css', script: 'guestbook.js' };
const SKIP = { to: 'content', text: 'Skip to the content' };

/** What all pages of the guestbook share. */
export function layout({ title, path, assets, content }: PageParts): Html {
  const body = html`<header class="masthead">
      <div class="wrap masthead-row">
        <a class="brand" href="/">
          <img src="${assets.href('bell.svg')}" alt="" width="44" height="44" />
          <span>The Guestbook</span>
        </a>
        <nav aria-label="Pages">${MENU.map(([href, text]) => menuLink(href, text, path))}</nav>
      </div>
      <div class="stripes" aria-hidden="true"></div>
    </header>
    <main id="content" class="wrap">${content}</main>
    <footer class="wrap">
      <p>Every entry is an event: signed, delivered and retried by Bellhop until each subscriber has it.</p>
    </footer>`;
  return htmlDocument({ title, assets, files: FILES, skip: SKIP, body });
}

function menuLink(href: string, text: string, path: string): Html {
  return href === path
    ? html`<a href="${href}" aria-current="page">${text}</a>`
    : html`<a href="${href}">${text}</a>`;
}
