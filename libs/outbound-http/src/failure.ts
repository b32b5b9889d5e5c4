import type { OutboundErrorType, OutboundPhase } from './outbound-request.js';

/** Why a request could not be made or answered; `code` is the system's word for it. */
export interface Fault {
  readonly errorType: OutboundErrorType;
  readonly phase: OutboundPhase;
  readonly code?: string;
}

/** Carries a fault out of the steps that open a connection. */
export class OpeningError extends Error {
  constructor(readonly fault: Fault) {
    super(fault.errorType);
    this.name = 'OpeningError';
  }
}

/** Why a connection was not opened. */
export function openingFault(error: unknown): Fault {
  if (error instanceof OpeningError) return error.fault;
  return { errorType: 'internal', phase: 'connect', code: codeOf(error) };
}

const SENTENCES: Record<OutboundErrorType, string> = {
  blocked_scheme: 'The URL must begin with http:// or https://.',
  blocked_port: 'The port is not allowed.',
  blocked_address: 'The host name leads to an address that is not on the public internet.',
  blocked_name: 'The host name is not allowed.',
  blocked_rebind: 'The connection led to another address than the one that was checked.',
  blocked_userinfo: 'The URL must not contain a user name or password.',
  dns_nxdomain: 'The host name does not exist.',
  dns_servfail: 'The name servers of the host could not answer.',
  dns_timeout: 'The name servers of the host did not answer in time.',
  dns_empty: 'The host name has no address.',
  connect_refused: 'The host refused the connection: nothing listens on this port.',
  connect_timeout: 'The host did not accept the connection in time.',
  connect_unreachable: 'The host cannot be reached from here.',
  connect_reset: 'The host reset the connection.',
  tls_expired: 'The certificate has expired or is not valid yet.',
  tls_self_signed: 'The certificate is self-signed or comes from an unknown authority.',
  tls_name_mismatch: 'The certificate belongs to another host name.',
  tls_version: 'The host offers only TLS versions that are too old; TLS 1.2 is needed.',
  tls_client_cert_required: 'The host demands a client certificate, which we do not have.',
  tls_handshake_timeout: 'The TLS handshake was not finished in time.',
  tls_other: 'The TLS connection could not be established.',
  http_malformed: 'The answer was not valid HTTP/1.1.',
  http_headers_too_large: 'The headers of the answer were larger than 16 KiB.',
  http_upgrade: 'The host tried to switch to another protocol.',
  http_truncated_body: 'The answer ended before its body was complete.',
  timeout_headers: 'The host accepted the request but did not answer in time.',
  timeout_body: 'The answer began in time, but its body was not complete in time.',
  timeout_total: 'The host did not take the whole request in time.',
  no_response:
    'The host closed the connection without an answer. Some receivers do so when they do not accept a signature.',
  aborted: 'The request was withdrawn before it was answered.',
  internal: 'The request could not be sent because of a fault on our side.',
};

/** The plain sentence for a fault, with the system's code for those who look it up. */
export function describe(fault: Fault): string {
  const sentence = SENTENCES[fault.errorType];
  return fault.code === undefined ? sentence : `${sentence} (${fault.code})`;
}

/** The code of an error of Node, OpenSSL or c-ares; never its message, which may quote the receiver. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'UNKNOWN';
}
