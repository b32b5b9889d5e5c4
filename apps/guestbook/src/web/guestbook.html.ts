import type { FieldError } from '#libs/kernel';
import { type Assets, html, type Html } from '#libs/web-pages';
import type { EntryDto } from '../entries/entry.dto.js';
import { type EntryText, MAX_MESSAGE_LENGTH } from '../entries/entry-text.js';
import { entryItem } from './entry.html.js';
import { layout } from './layout.html.js';

export interface GuestbookView {
  readonly assets: Assets;
  readonly menu: Html;
  readonly entries: readonly EntryDto[];
  readonly nextCursor: string | null;
  /** Older entries are shown; new ones do not belong on this page. */
  readonly isOlder: boolean;
  /** The entry that the reader has just written. */
  readonly ownId: string | null;
  readonly wasRemoved: boolean;
  readonly form: EntryText;
  readonly errors: readonly FieldError[];
}

const BLANK: EntryDto = { id: '', name: '', message: '', createdAt: '' };

export function guestbookPage(view: GuestbookView): Html {
  const title = view.errors.length > 0 ? 'Please check your entry · The Guestbook' : 'The Guestbook';
  const content = html`<div class="columns">
    <section class="sign" aria-labelledby="sign-title">${signForm(view)}</section>
    <section class="book" aria-labelledby="book-title">
      <h2 id="book-title">${view.isOlder ? 'Older entries' : 'What guests wrote'}</h2>
      <p id="status" class="status" role="status">${statusText(view)}</p>
      ${view.isOlder && html`<p class="pager"><a href="/">Back to the newest entries</a></p>`}
      ${entryList(view)}
      ${
        view.nextCursor !== null &&
        html`<p class="pager"><a href="/?cursor=${view.nextCursor}" rel="next">Older entries</a></p>`
      }
    </section>
  </div>`;
  return layout({ title, menu: view.menu, assets: view.assets, content });
}

function statusText({ ownId, wasRemoved, entries }: GuestbookView): string {
  if (wasRemoved) return 'The entry was removed.';
  const own = ownId !== null && entries.some(({ id }) => id === ownId);
  return own ? 'Thank you! Your entry is in the book.' : '';
}

function entryList({ entries, isOlder, ownId }: GuestbookView): Html {
  return html`<ol
      id="entries"
      class="entries"
      data-live="${isOlder ? 'removals' : 'all'}"
      data-newest="${entries[0]?.id}"
    >
      ${entries.map((entry) => entryItem(entry, entry.id === ownId))}
    </ol>
    <p class="blank empty">The first page is still blank. Be the first to sign it!</p>
    <template id="entry-template">${entryItem(BLANK)}</template>`;
}

function signForm({ form, errors }: GuestbookView): Html {
  return html`<form id="sign" class="panel sheet" method="post" action="/entries">
    <h1 id="sign-title">Sign the guestbook</h1>
    <p class="lead">Leave your name and a kind word. It appears at once, on every open page.</p>
    <div class="field">
      <label for="name">Your name</label>
      <input
        id="name"
        name="name"
        value="${form.name}"
        autocomplete="name"
        dir="auto"
        maxlength="160"
        required
        ${invalid('name', errors)}
      />
      ${errorText('name', errors)}
    </div>
    <div class="field">
      <label for="message">Your message</label>
      <textarea
        id="message"
        name="message"
        rows="6"
        dir="auto"
        maxlength="4000"
        required
        ${invalid('message', errors)}
      >
${form.message}</textarea>
      ${errorText('message', errors)}
      <p class="hint" id="message-count" data-max="${MAX_MESSAGE_LENGTH}"></p>
    </div>
    <button class="primary">Sign the book</button>
  </form>`;
}

function invalid(field: string, errors: readonly FieldError[]): Html {
  const isWrong = errors.some((error) => error.field === field);
  return isWrong
    ? html`aria-invalid="true" aria-describedby="${field}-error"
      ${errors[0]?.field === field && html`autofocus`}`
    : html`aria-describedby="${field}-error"`;
}

function errorText(field: string, errors: readonly FieldError[]): Html {
  const message = errors.find((error) => error.field === field)?.message;
  return html`<p class="error" id="${field}-error">${message}</p>`;
}
