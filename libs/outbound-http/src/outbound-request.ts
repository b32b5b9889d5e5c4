export interface OutboundRequest {
  readonly url: string;
  readonly method: 'POST' | 'GET' | 'OPTIONS' | 'HEAD';
  /** Names are sent in the case given. Names that frame or route the message (host, content-length…) are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How the end of the body is told; by `content-length` if left out. */
  readonly framing?: 'content-length' | 'chunked';
  /** From the call to the decision: name lookup, connecting, TLS, sending and waiting for the answer together. */
  readonly timeoutMs: number;
  readonly maxBodyBytes?: number;
  /** The tenant on whose behalf we call; connections are never shared between owners. */
  readonly owner: string;
  /** Handshakes: the answer's body counts, so read it to its end or the cap before resolving. */
  readonly waitForBody?: boolean;
  /** Handshakes: accept an answer whose headers have names that no standard allows, as some receivers send them. */
  readonly tolerant?: boolean;
  readonly signal?: AbortSignal;
}

export type OutboundErrorType =
  | 'blocked_scheme'
  | 'blocked_port'
  | 'blocked_address'
  | 'blocked_name'
  | 'blocked_rebind'
  | 'blocked_userinfo'
  | 'dns_nxdomain'
  | 'dns_servfail'
  | 'dns_timeout'
  | 'dns_empty'
  | 'connect_refused'
  | 'connect_timeout'
  | 'connect_unreachable'
  | 'connect_reset'
  | 'tls_expired'
  | 'tls_self_signed'
  | 'tls_name_mismatch'
  | 'tls_version'
  | 'tls_client_cert_required'
  | 'tls_handshake_timeout'
  | 'tls_other'
  | 'http_malformed'
  | 'http_headers_too_large'
  | 'http_upgrade'
  | 'http_truncated_body'
  | 'timeout_headers'
  | 'timeout_body'
  | 'timeout_total'
  | 'no_response'
  | 'aborted'
  | 'internal';

/** How far a request got before it failed. */
export type OutboundPhase = 'policy' | 'resolve' | 'connect' | 'tls' | 'request' | 'response';

/** Milliseconds of each step; null where the step did not happen, as on a connection that was reused. */
export interface OutboundTimings {
  resolveMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  /** From sending the request to the first byte of the answer. */
  firstByteMs: number | null;
  totalMs: number | null;
}

export interface OutboundResponse {
  readonly kind: 'response';
  readonly status: number;
  /** Names in lower case; repeated headers are joined by a comma. */
  readonly headers: Record<string, string>;
  /** As it came: never decompressed. */
  readonly body: Buffer;
  /** The body went on after the cap, after the time for reading it, or was cut off. */
  readonly bodyTruncated: boolean;
}

export interface OutboundFailure {
  readonly kind: 'failure';
  readonly errorType: OutboundErrorType;
  readonly phase: OutboundPhase;
  /** A sentence for the owner of the URL. */
  readonly detail: string;
}

export type OutboundResult = (OutboundResponse | OutboundFailure) & {
  readonly startedAt: Date;
  /** Whole milliseconds. */
  readonly durationMs: number;
  readonly timings: OutboundTimings;
  readonly remoteAddress: string | null;
  /** The kept connection had died, nothing was answered on it, and the request was sent again on a new one. */
  readonly retriedConnection: boolean;
};

/** What can be said of a URL before anything is resolved. */
export type UrlVerdict =
  | { readonly allowed: true; readonly url: string }
  | { readonly allowed: false; readonly errorType: OutboundErrorType; readonly message: string };
