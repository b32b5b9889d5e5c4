import { html, type Html } from '#libs/web-pages';
import type { EntryDto } from '../entries/entry.dto.js';

const HUES = 6;
const SHOWN_IN_MONOGRAM = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** One entry as an item of the list; the script fills a copy of a blank one for entries that arrive later. */
export function entryItem(entry: EntryDto, isOwn = false): Html {
  return html`<li class="entry${isOwn && ' own'}" id="${entry.id}" data-entry>
    <article class="panel">
      <span class="monogram hue-${hueOf(entry.name)}" aria-hidden="true">${initialOf(entry.name)}</span>
      <header>
        <h3><bdi class="name">${entry.name}</bdi></h3>
        <time datetime="${entry.createdAt}">${timeText(entry.createdAt)}</time>
      </header>
      <div class="message" dir="auto" ${mayScroll(entry.message) && reachable(entry.name)}>
        <span class="text">${entry.message}</span>
      </div>
      <form method="post" action="/entries/${entry.id}/delete" data-remove>
        <button class="quiet" aria-label="Remove the entry by ${entry.name}">Remove</button>
      </form>
    </article>
  </li>`;
}

/** A keyboard scrolls only what it can reach; what is reached needs a name. */
function reachable(name: string): Html {
  return html`tabindex="0" role="group" aria-label="Message by ${name}"`;
}

/** Whether the text may be higher than its area on the narrowest screen; the script computes the same. */
function mayScroll(message: string): boolean {
  return message.split('\n').length + message.length / 15 > 20;
}

/** A name keeps its colour; the script computes the same. */
function hueOf(name: string): number {
  return Array.from(name).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % HUES;
}

/** The first character, where it is one that shows. */
function initialOf(name: string): string {
  const [first = ''] = name;
  return SHOWN_IN_MONOGRAM.test(first) ? first.toUpperCase() : '✎';
}

/** In UTC, as the server cannot know the reader's zone; the script puts it into theirs. */
function timeText(iso: string): string {
  return iso === '' ? '' : `${DAY.format(new Date(iso))} UTC`;
}
