import type { ReceivedEvent } from '../received-event.js';
import type { Work } from '../worker.js';

/** What a card says; all of it is shown as text. */
export interface Card {
  readonly title: string;
  readonly text?: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** Where the button leads; only https. */
  readonly url?: string;
}

export interface CardOptions {
  /** The URL of the Teams workflow; whoever knows it may post, so it is a secret. */
  readonly workflowUrl: string;
  /** Null: this event is no news. */
  readonly cardOf: (event: ReceivedEvent) => Card | null;
  /** `fetch`, or one that goes through a proxy. */
  readonly send: typeof fetch;
  readonly timeoutMs?: number;
}

const MAX_TEXT = 4000;

/** Work that posts an adaptive card to a channel of Microsoft Teams for each event that `cardOf` has one for. */
export function postCard({ workflowUrl, cardOf, send, timeoutMs = 10_000 }: CardOptions): Work {
  return async (event, { signal }) => {
    const card = cardOf(event);
    if (card === null) return;
    const response = await send(workflowUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(messageOf(card)),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    // Read, or the connection is not free for the next card; the URL is a secret and in no message.
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`Teams answered with status ${response.status}`);
  };
}

/** https://adaptivecards.io, in the envelope that a Teams workflow takes. */
function messageOf(card: Card): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: bodyOf(card),
    actions: card.url?.startsWith('https://')
      ? [{ type: 'Action.OpenUrl', title: 'Open', url: card.url }]
      : [],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

function bodyOf({ title, text, facts = {} }: Card): object[] {
  const block = { type: 'TextBlock', wrap: true };
  const body: object[] = [{ ...block, text: plain(title), weight: 'Bolder', size: 'Medium' }];
  if (text !== undefined) body.push({ ...block, text: plain(text) });
  const rows = Object.entries(facts).map(([name, value]) => ({ title: plain(name), value: plain(value) }));
  if (rows.length > 0) body.push({ type: 'FactSet', facts: rows });
  return body;
}

/** A text block reads Markdown: without this a guest could put links and pictures on the channel's wall. */
function plain(text: string): string {
  const characters = Array.from(text);
  const short = characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT - 1).join('')}…` : text;
  return short.replace(/[\\`*_{}[\]()#+!<>|~]/g, '\\$&');
}
