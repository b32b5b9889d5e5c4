export interface ProblemText {
  readonly code: string;
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
}

/** Every code that the API answers with. A code once published keeps its meaning. */
export const PROBLEMS: readonly ProblemText[] = [
  text(
    400,
    'malformed_json',
    'The body is not JSON that we take.',
    'Send UTF-8 JSON, nested at most 32 levels deep.',
  ),
  text(
    400,
    'malformed_request',
    'The request could not be read.',
    'Check its URL, its headers and its body.',
  ),
  text(
    400,
    'invalid_cursor',
    'The cursor is not one of ours.',
    'Take it from <code>nextCursor</code> of the page before.',
  ),
  text(
    401,
    'unauthorized',
    'The API key is missing, unknown, expired or revoked.',
    'Send <code>Authorization: Bearer bhk_…</code> with a valid key.',
  ),
  text(403, 'forbidden', 'The key may not do this.', 'Use a key of a higher role, or ask your operator.'),
  text(403, 'cross_site_request', 'Another site made your browser send this.', 'Use the page itself.'),
  text(404, 'not_found', 'There is nothing at this address.', 'Check the address.'),
  text(
    404,
    'event_not_found',
    'There is no event of this id for your tenant.',
    'Check the id and the tenant of your key.',
  ),
  text(
    404,
    'event_type_not_found',
    'There is no event type of this name for your tenant.',
    'List them with <code>GET /v1/event-types</code>.',
  ),
  text(
    404,
    'subscription_not_found',
    'There is no subscription of this id for your tenant.',
    'Check the id and the tenant of your key.',
  ),
  text(
    404,
    'delivery_not_found',
    'There is no delivery of this id for your tenant.',
    'Check the id and the tenant of your key.',
  ),
  text(
    404,
    'tenant_not_found',
    'There is no such tenant for your key.',
    'Check the id in <code>Bellhop-Tenant</code> or <code>tenantId</code>.',
  ),
  text(
    404,
    'api_key_not_found',
    'There is no such API key for you, or it was revoked.',
    'List them with <code>GET /v1/admin/api-keys</code>.',
  ),
  text(
    405,
    'method_not_allowed',
    'This address does not know this method.',
    'Use one that the <code>Allow</code> header names.',
  ),
  text(408, 'request_timeout', 'The request took too long to arrive.', 'Send it again.'),
  text(
    409,
    'event_id_taken',
    'Another event has this id.',
    'Leave the id out, or make a new one for a new event.',
  ),
  text(
    409,
    'event_type_exists',
    'There is an event type of this name.',
    'Change it with <code>PATCH</code>.',
  ),
  text(409, 'tenant_exists', 'There is a tenant of this name.', 'Take another name.'),
  text(
    409,
    'subscription_deleted',
    'The delivery has nowhere to go any more.',
    'Subscribe the URL again and publish a new event.',
  ),
  text(
    409,
    'subscription_not_active',
    'The subscription gets nothing at present.',
    'Verify it or resume it first.',
  ),
  text(
    412,
    'precondition_failed',
    'Somebody changed it since you read it.',
    'Read it again and send its <code>ETag</code> as <code>If-Match</code>.',
  ),
  text(
    413,
    'payload_too_large',
    'The body is larger than this endpoint takes.',
    'Send less, or a link to the larger thing.',
  ),
  text(
    413,
    'event_too_large',
    'The data of the event has more than 256 KiB.',
    'Send a link to the larger thing.',
  ),
  text(
    415,
    'unsupported_media_type',
    'The body is not JSON.',
    'Send <code>Content-Type: application/json</code>.',
  ),
  text(
    422,
    'validation_failed',
    'Some fields are not usable.',
    '<code>errors</code> names each with what to do.',
  ),
  text(
    422,
    'unknown_event_type',
    'The tenant has no event type of this name.',
    'Register it with <code>POST /v1/event-types</code>.',
  ),
  text(
    422,
    'schema_mismatch',
    'The data does not fit the schema of its event type.',
    '<code>errors</code> says where.',
  ),
  text(
    422,
    'invalid_schema',
    'The JSON Schema of the event type is not usable.',
    '<code>errors</code> says where.',
  ),
  text(422, 'batch_too_large', 'The batch has more than 1000 events.', 'Split it.'),
  text(
    422,
    'invalid_idempotency_key',
    'The Idempotency-Key is not usable.',
    'Send 1 to 255 printable ASCII characters.',
  ),
  text(
    422,
    'idempotency_key_reused',
    'The Idempotency-Key was used for another body.',
    'Take a new key for a new request.',
  ),
  text(
    422,
    'challenge_failed',
    'The URL did not prove that it wants these events.',
    '<code>handshake.steps</code> says how far the challenge got.',
  ),
  text(
    422,
    'url_not_allowed',
    'Events may not be sent to this URL.',
    'Use a public address on port 443, or ask your operator.',
  ),
  text(
    422,
    'invalid_secret',
    'The secret is not usable.',
    'Send <code>whsec_</code> and 24 to 64 bytes in base64, or leave it out.',
  ),
  text(422, 'unknown_profile', 'There is no profile of this name.', 'Use <code>standard</code>.'),
  text(
    422,
    'invalid_tenant',
    'The tenant cannot be made like this.',
    '<code>errors</code> names each field with what to do.',
  ),
  text(
    422,
    'invalid_api_key',
    'The API key cannot be made like this.',
    '<code>errors</code> names each field with what to do.',
  ),
  text(429, 'rate_limited', 'Too many requests.', 'Wait for the seconds in <code>Retry-After</code>.'),
  text(
    500,
    'internal_error',
    'Something went wrong on our side.',
    'Send the <code>requestId</code> to your operator; the log has the cause.',
  ),
  text(
    503,
    'unavailable',
    'A part of the platform is away for a moment.',
    'Send the request again after <code>Retry-After</code> seconds.',
  ),
  text(
    409,
    'subscription_changed',
    'Another request changed the subscription meanwhile.',
    'Read it again and repeat your change.',
  ),
  text(
    409,
    'subscription_not_paused',
    'Only a paused subscription can be resumed.',
    'Verify it to make it active.',
  ),
  text(
    409,
    'too_many_subscriptions',
    'Too many subscriptions of this tenant lead to one host.',
    'Remove one, or let one take more event types.',
  ),
  text(
    409,
    'too_many_event_types',
    'The tenant has as many event types as it may.',
    'Archive those that are not used.',
  ),
  text(
    403,
    'handshake_not_allowed',
    'Only the operator may do without a challenge.',
    'Use another handshake.',
  ),
  text(
    429,
    'challenge_rate_limited',
    'Too many challenges by this key or to this host.',
    'Wait for the seconds in <code>Retry-After</code>.',
  ),
  text(
    503,
    'signing_key_unavailable',
    'The secret of the subscription cannot be decrypted.',
    'Rotate it, or give the platform its old key back.',
  ),
  text(
    503,
    'broker_unavailable',
    'The message broker is away; nothing is lost.',
    'Send the request again after <code>Retry-After</code> seconds.',
  ),
];

function text(status: number, code: string, meaning: string, remedy: string): ProblemText {
  return { status, code, meaning, remedy };
}
