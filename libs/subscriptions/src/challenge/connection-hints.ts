import type { OutboundErrorType } from '#libs/outbound-http';

const CERTIFICATE = 'Install a certificate of a public authority for this host name, with its whole chain.';
const SLOW = 'Answer the challenge within ten seconds, before doing any work.';
const NAME = 'Check the spelling of the host name and its DNS records.';
const REACHABLE = 'Check that the receiver runs, and that its firewall lets the platform in.';

const HINTS: Partial<Record<OutboundErrorType, string>> = {
  dns_nxdomain: NAME,
  dns_servfail: NAME,
  dns_timeout: NAME,
  dns_empty: NAME,
  connect_refused: 'Check that the receiver runs, and the port in the URL.',
  connect_timeout: REACHABLE,
  connect_unreachable: REACHABLE,
  connect_reset: REACHABLE,
  tls_expired: 'Renew the certificate.',
  tls_self_signed: CERTIFICATE,
  tls_name_mismatch: CERTIFICATE,
  tls_other: CERTIFICATE,
  tls_version: 'Switch on TLS 1.2 or 1.3.',
  tls_client_cert_required: 'Do not ask for a client certificate at this path.',
  tls_handshake_timeout: REACHABLE,
  http_malformed: 'Answer with HTTP/1.1; is something else listening on this port?',
  http_headers_too_large: 'Answer with fewer headers.',
  http_upgrade: 'Answer without switching protocols.',
  http_truncated_body: 'Send the whole answer before closing the connection.',
  timeout_headers: SLOW,
  timeout_body: SLOW,
  timeout_total: SLOW,
  no_response: 'The receiver closed the connection without an answer. Look into its log.',
};

/** What the owner of a URL can do about a request that failed on its way. */
export function connectionHint(errorType: OutboundErrorType): string {
  return HINTS[errorType] ?? '';
}
