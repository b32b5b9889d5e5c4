import { problem, type ProblemText } from './problem-text.js';

/** The codes of the guestbook and the inbox, and of what a publisher may have done wrong. */
export const PAGE_PROBLEMS: readonly ProblemText[] = [
  problem(404, 'entry_not_found', 'There is no such guestbook entry.', 'It may have been removed already.'),
  problem(404, 'asset_not_found', 'There is no such file of a page.', 'Reload the page.'),
  problem(409, 'already_connected', 'The inbox is connected, or about to be.', 'Disconnect it first.'),
  problem(
    401,
    'invalid_signature',
    'The request to the inbox is not signed with its secret, or is too old.',
    'Nothing: a forger was refused. Is it you? Connect the inbox again.',
  ),
  problem(401, 'not_connected', 'The inbox has no subscription, so it takes nothing.', 'Connect it.'),
  problem(
    400,
    'malformed_challenge',
    'A challenge without a subscription or a code.',
    'Send <code>data.subscription_id</code> and <code>data.challenge</code>.',
  ),
  problem(
    503,
    'platform_not_configured',
    'The page does not know where the API is.',
    'Set <code>BELLHOP_API_URL</code> and <code>BELLHOP_API_KEY</code>.',
  ),
  problem(
    503,
    'platform_unavailable',
    'The API does not answer the page.',
    'Check that it runs, and <code>BELLHOP_API_URL</code>.',
  ),
  problem(
    422,
    'platform_refused',
    'The API refused what the page asked for, without saying why.',
    'Look into the log of the API.',
  ),
  problem(503, 'too_many_streams', 'Too many pages are open for live news.', 'Reload to see what is new.'),
  problem(
    422,
    'invalid_event_type',
    'The type is not a name like <code>area.thing.happened</code>.',
    'Correct it; the transaction cannot commit with it.',
  ),
  problem(
    422,
    'invalid_event_id',
    'The id is neither a UUID nor an <code>evt_…</code>.',
    'Leave it out, or use a TypeID.',
  ),
  problem(
    422,
    'invalid_tenant_id',
    'The tenant is neither a UUID nor a <code>ten_…</code>.',
    'Leave it out for the tenant <code>default</code>.',
  ),
  problem(
    422,
    'invalid_event_subject',
    'The subject is too long or not well-formed text.',
    'At most 256 characters.',
  ),
  problem(422, 'invalid_event_timestamp', 'The timestamp is not a date.', 'Give a valid <code>Date</code>.'),
  problem(
    422,
    'invalid_event_data',
    'The data cannot be written as JSON.',
    'No functions, no circles, no BigInt.',
  ),
];
