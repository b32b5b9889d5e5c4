import { type Assets, html, type Html, htmlDocument, type PageProblem, problemNotice } from '#libs/web-pages';
import type { Connection } from '../connection/connection.entity.js';
import type { SubscriptionState } from '../connection/connector.js';
import { behaviourForm } from './behaviour.html.js';
import { messagesSection, type MessagesView } from './messages.html.js';

export interface InboxView extends MessagesView {
  readonly assets: Assets;
  readonly menu: Html;
  readonly connection: Connection;
  readonly receiveUrl: string;
  readonly isConnectable: boolean;
  /** What the platform says of our subscription; null if there is none. */
  readonly state: SubscriptionState | 'gone' | 'unknown' | null;
  readonly problem: PageProblem | null;
}

const FILES = { icon: 'letterbox.svg', style: 'inbox.css', script: 'inbox.js' };
const SKIP = { to: 'messages', text: 'Skip to the messages' };

export function inboxPage(view: InboxView): Html {
  const { assets } = view;
  const body = html`<header class="masthead">
      <div class="wrap masthead-row">
        <h1>
          <a class="brand" href="/inbox">
            <img src="${assets.href('letterbox.svg')}" alt="" width="44" height="44" />
            <span>The Inbox</span>
          </a>
        </h1>
        <p>A demo subscriber: it verifies, keeps, acknowledges, and works later.</p>
        ${view.menu}
      </div>
    </header>
    <main class="wrap">
      <div role="status">${view.problem !== null && problemNotice(view.problem)}</div>
      <div class="columns">
        <div class="side">${connectionCard(view)} ${behaviourForm(view.connection.behaviour)}</div>
        ${messagesSection(view)}
      </div>
    </main>`;
  return htmlDocument({ title: 'Inbox', assets, files: FILES, skip: SKIP, body });
}

function connectionCard(view: InboxView): Html {
  return html`<section class="panel" aria-labelledby="connection-title">
    <h2 id="connection-title">Connection</h2>
    ${view.connection.subscriptionId === null ? offer(view) : connected(view)}
    <p class="hint">Receives at <code>${view.receiveUrl}</code></p>
    ${
      view.connection.refusedCount > 0 &&
      html`<p class="hint">
        Refused ${view.connection.refusedCount}, the latest because: ${view.connection.lastRefusal}
      </p>`
    }
  </section>`;
}

function offer({ isConnectable }: InboxView): Html {
  if (!isConnectable) {
    return html`<p>
      To connect, start the inbox with <code>BELLHOP_API_URL</code>, the address of the API, and
      <code>BELLHOP_API_KEY</code>, an API key with the role <code>manager</code>.
    </p>`;
  }
  return html`<p>
      Not connected yet. One click makes a secret, subscribes to <code>guestbook.*</code> and answers the
      challenge.
    </p>
    <form method="post" action="/inbox/connect">
      <button class="primary">Connect to the guestbook</button>
    </form>`;
}

function connected({ connection, state }: InboxView): Html {
  return html`<p>${stateBadge(state)}</p>
    ${typeof state === 'object' && state?.elsewhere && moveOffer(state.elsewhere, state.moveFault)}
    <p class="hint">Subscription <code>${connection.subscriptionId}</code></p>
    <form method="post" action="/inbox/disconnect"><button class="quiet">Disconnect</button></form>`;
}

function moveOffer(url: string, fault: string | null): Html {
  return html`<p>
      It leads to <code>${url}</code>, so nothing arrives here.
      ${fault === null ? 'It is being moved here.' : html`Moving it here failed: ${fault}`}
    </p>
    ${fault !== null && html`<form method="post" action="/inbox/move"><button class="primary">Move it here</button></form>`}`;
}

function stateBadge(state: InboxView['state']): Html {
  if (state === 'gone')
    return html`<span class="badge bad">removed on the platform</span> Disconnect, then connect again.`;
  if (state === 'unknown' || state === null)
    return html`<span class="badge bad">the platform does not answer</span>`;
  if (state.status !== 'active') return html`<span class="badge bad">${state.status}</span> ${state.reason}`;
  return state.elsewhere === null
    ? html`<span class="badge good">connected</span>`
    : html`<span class="badge bad">connected elsewhere</span>`;
}
