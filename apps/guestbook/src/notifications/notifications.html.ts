import { GUESTBOOK_EVENT_TYPES } from '#libs/events';
import { type Assets, html, type Html, type PageProblem, problemNotice } from '#libs/web-pages';
import { layout } from '../web/layout.html.js';
import type { NewSubscription, SubscriptionView } from './subscriptions.client.js';

/** What was just created. */
export interface CreatedView {
  readonly url: string;
  /** Shown this once; null for a secret that the subscriber brought. */
  readonly secret: string | null;
}

export interface NotificationsView {
  readonly assets: Assets;
  readonly menu: Html;
  readonly isConfigured: boolean;
  /** Null when the API could not say. */
  readonly subscriptions: readonly SubscriptionView[] | null;
  readonly form: NewSubscription;
  /** Why the last change was refused. */
  readonly problem: PageProblem | null;
  readonly created: CreatedView | null;
  readonly notice: string | null;
}

export const ALL_TYPES = 'guestbook.*';
const TYPE_CHOICES = [
  [ALL_TYPES, 'Everything in the guestbook'],
  [GUESTBOOK_EVENT_TYPES[0], 'Somebody signed'],
  [GUESTBOOK_EVENT_TYPES[1], 'An entry was removed'],
] as const;

export function notificationsPage(view: NotificationsView): Html {
  const content = html`<div class="intro">
      <h1>Webhooks</h1>
      <p class="lead">
        Give an address and Bellhop sends a signed POST there whenever the guestbook changes. First it asks
        the address to prove that it wants them.
      </p>
    </div>
    ${outcome(view)}
    ${
      view.isConfigured
        ? html`<div class="columns">
            <section class="sign" aria-labelledby="add-title">${addForm(view)}</section>
            <section class="book" aria-labelledby="list-title">
              <h2 id="list-title">Who is told</h2>
              ${subscriptionList(view.subscriptions)}
            </section>
          </div>`
        : howToConfigure()
    }`;
  return layout({ title: 'Webhooks · The Guestbook', menu: view.menu, assets: view.assets, content });
}

function outcome({ problem, created, notice }: NotificationsView): Html {
  return html`<div role="status">
    ${notice !== null && html`<p class="notice good">${notice}</p>`}
    ${created !== null && createdNotice(created)} ${problem !== null && problemNotice(problem)}
  </div>`;
}

function createdNotice({ url, secret }: CreatedView): Html {
  return html`<section class="notice good" aria-labelledby="created-title">
    <h2 id="created-title">Connected</h2>
    <p><bdi class="url">${url}</bdi> passed the challenge and is told from now on.</p>
    ${secret === null ? html`<p>Bellhop signs with the secret you gave.</p>` : secretOnce(secret)}
  </section>`;
}

function secretOnce(secret: string): Html {
  return html`<p>
      <label for="secret-once">Its signing secret, shown only now. Copy it and keep it safe:</label>
    </p>
    <p class="secret">
      <input id="secret-once" value="${secret}" readonly spellcheck="false" />
      <button type="button" class="quiet" data-copy="secret-once" hidden>Copy</button>
    </p>`;
}

function addForm({ form }: NotificationsView): Html {
  return html`<form class="panel sheet" method="post" action="/webhooks">
    <h2 id="add-title">Add a subscriber</h2>
    <div class="field">
      <label for="url">Address</label>
      <input
        id="url"
        name="url"
        type="url"
        inputmode="url"
        value="${form.url}"
        placeholder="https://example.com/hooks"
        maxlength="2048"
        required
      />
    </div>
    <fieldset class="field">
      <legend>What to send</legend>
      ${TYPE_CHOICES.map(([type, text]) => typeChoice(type, text, form.eventTypes))}
    </fieldset>
    <div class="field">
      <label for="secret">Signing secret <span class="optional">optional</span></label>
      <input
        id="secret"
        name="secret"
        autocomplete="off"
        spellcheck="false"
        placeholder="whsec_…"
        maxlength="200"
      />
      <p class="hint">
        With yours, the address must sign the challenge with it. Leave it empty and Bellhop makes one; then
        echoing the challenge is enough.
      </p>
    </div>
    <button class="primary">Challenge and add</button>
  </form>`;
}

function typeChoice(type: string, text: string, chosen: readonly string[]): Html {
  return html`<label class="choice">
    <input type="radio" name="eventTypes" value="${type}" ${chosen.includes(type) && html`checked`} />
    <span>${text} <code>${type}</code></span>
  </label>`;
}

function subscriptionList(subscriptions: readonly SubscriptionView[] | null): Html {
  if (subscriptions === null) return html`<p class="notice bad">The list could not be read.</p>`;
  if (subscriptions.length === 0)
    return html`<p class="blank">Nobody yet. The first subscriber could be yours.</p>`;
  return html`<ul class="subscribers">
    ${subscriptions.map(subscriptionItem)}
  </ul>`;
}

function subscriptionItem({
  id,
  url,
  eventTypes,
  status,
  statusReason,
  lastDelivery,
}: SubscriptionView): Html {
  return html`<li class="panel card">
    <h3><bdi class="url">${url}</bdi></h3>
    <p class="facts">
      <span class="badge ${status === 'active' ? 'good' : 'bad'}">${status}</span>
      ${statusReason && html`<span>${statusReason}</span>`}
      <span>last delivery: ${lastDelivery ?? 'none yet'}</span>
    </p>
    <p class="facts">${eventTypes.map((type) => html`<code>${type}</code>`)}</p>
    <div class="actions">
      <form method="post" action="/webhooks/${id}/test">
        <button class="quiet" aria-label="Send a test event to ${url}">Send a test</button>
      </form>
      <form method="post" action="/webhooks/${id}/delete">
        <button class="quiet danger" aria-label="Remove ${url}">Remove</button>
      </form>
    </div>
  </li>`;
}

function howToConfigure(): Html {
  return html`<section class="notice bad">
    <h2>The guestbook does not know the platform yet</h2>
    <p>
      Start it with <code>BELLHOP_API_URL</code>, the address of the API, and <code>BELLHOP_API_KEY</code>, an
      API key with the role <code>manager</code>. Entries are published either way: subscriptions can also be
      made with the API.
    </p>
  </section>`;
}
