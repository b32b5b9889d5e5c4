import type { Page } from '#libs/kernel';
import { html, type Html } from '#libs/web-pages';
import type { Connection } from '../connection/connection.entity.js';
import { excerptOf } from '../messages/excerpt.js';
import { parsedOrText } from '../messages/message.dto.js';
import type { Message } from '../messages/message.entity.js';
import type { MessageCounts } from '../messages/messages.service.js';
import { behaviourLine } from './behaviour.html.js';

export interface MessagesView {
  readonly connection: Connection;
  readonly page: Page<Message>;
  readonly counts: MessageCounts;
}

/** A page is for looking at; who wants all of a large payload takes the JSON. */
const MAX_SHOWN = 16_000;
const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

/** The part of the page that changes by itself. The script puts a new one in its place. */
export function messagesSection({ connection, page, counts }: MessagesView): Html {
  return html`<section id="messages" class="messages" aria-labelledby="messages-title">
    <h2 id="messages-title">Messages</h2>
    ${behaviourLine(connection.behaviour)}
    <dl class="counts">
      ${countItem('new', counts.new)} ${countItem('processed', counts.processed)}
      ${countItem('failed', counts.failed)} ${countItem('duplicates', counts.duplicates)}
    </dl>
    ${page.data.length === 0 ? emptyList(connection) : messageList(page)}
  </section>`;
}

function countItem(label: string, count: number): Html {
  return html`<div>
    <dt>${label}</dt>
    <dd>${count.toLocaleString('en')}</dd>
  </div>`;
}

function emptyList({ subscriptionId }: Connection): Html {
  const text =
    subscriptionId === null ? 'Connect, then sign the guestbook.' : 'Nothing yet. Sign the guestbook!';
  return html`<p class="blank">${text}</p>`;
}

function messageList({ data, nextCursor }: Page<Message>): Html {
  return html`<ol class="list">
      ${data.map(messageItem)}
    </ol>
    <div class="below">
      ${nextCursor !== null && html`<a href="/inbox?cursor=${nextCursor}" rel="next">Older messages</a>`}
      <form method="post" action="/inbox/clear"><button class="quiet">Clear the inbox</button></form>
    </div>`;
}

const STATUS_KIND = { new: 'waiting', processed: 'good', failed: 'bad' } as const;

function messageItem({ id, type, status, failure, receivedCount, receivedAt, payload }: Message): Html {
  const content = parsedOrText(payload);
  return html`<li class="message">
    <details id="m-${id}">
      <summary>
        <span class="badge ${STATUS_KIND[status]}">${status}</span>
        <strong class="type">${type === '' ? '(no type)' : type}</strong>
        <bdi class="excerpt">${excerptOf(content)}</bdi>
        ${receivedCount > 1 && html`<span class="badge waiting">received ${receivedCount} times</span>`}
        <time datetime="${receivedAt.toISOString()}">${TIME.format(receivedAt)} UTC</time>
      </summary>
      ${failure !== null && html`<p class="failure">${failure}</p>`}
      <p class="hint">webhook-id <code>${id}</code>, ${payload.length} bytes</p>
      <pre
        tabindex="0"
        role="group"
        aria-label="Content of the message"
        dir="ltr"
      ><code>${pretty(payload, content)}</code></pre>
    </details>
  </li>`;
}

function pretty(payload: Buffer, content: unknown): string {
  const text = typeof content === 'string' ? payload.toString() : JSON.stringify(content, null, 2);
  return text.length > MAX_SHOWN
    ? `${text.slice(0, MAX_SHOWN)}\n… ${text.length - MAX_SHOWN} more characters`
    : text;
}
