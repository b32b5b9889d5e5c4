import { errors } from 'undici';
import { codeOf, type Fault } from './failure.js';
import type { OutboundErrorType, OutboundPhase } from './outbound-request.js';

type Types = Readonly<Record<string, OutboundErrorType>>;

const DNS: Types = {
  ENOTFOUND: 'dns_nxdomain',
  ENODATA: 'dns_empty',
  ETIMEOUT: 'dns_timeout',
  ECANCELLED: 'aborted',
};

const TCP: Types = {
  ECONNREFUSED: 'connect_refused',
  ETIMEDOUT: 'connect_timeout',
  ECONNRESET: 'connect_reset',
  ECONNABORTED: 'connect_reset',
  EPIPE: 'connect_reset',
  EMFILE: 'internal',
  ENFILE: 'internal',
  ENOBUFS: 'internal',
};

const TLS: Types = {
  CERT_HAS_EXPIRED: 'tls_expired',
  CERT_NOT_YET_VALID: 'tls_expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_self_signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_self_signed',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_self_signed',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_self_signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_self_signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls_name_mismatch',
  HOSTNAME_MISMATCH: 'tls_name_mismatch',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls_version',
  ERR_SSL_VERSION_TOO_LOW: 'tls_version',
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'tls_version',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls_version',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'tls_client_cert_required',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'tls_client_cert_required',
  ERR_SSL_SSLV3_ALERT_NO_CERTIFICATE: 'tls_client_cert_required',
};

/** A question to the name servers that failed. */
export function dnsFault(error: unknown): Fault {
  const code = codeOf(error);
  return { errorType: DNS[code] ?? 'dns_servfail', phase: 'resolve', code };
}

/** A connection that was not made; what the system has no other word for means that no way leads there. */
export function connectFault(error: unknown): Fault {
  const code = codeOf(error);
  return { errorType: TCP[code] ?? 'connect_unreachable', phase: 'connect', code };
}

export function tlsFault(error: unknown): Fault {
  const code = codeOf(error);
  return { errorType: TLS[code] ?? 'tls_other', phase: 'tls', code };
}

/** The other side ended an exchange in order (FIN) or not (RST, failed write). */
export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  return TCP[code] === 'connect_reset' || (code === 'UND_ERR_SOCKET' && !isBadAnswer(error));
}

/** An exchange on an open connection that ended before the answer's headers were read. */
export function exchangeFault(error: unknown, hasBegun: boolean): Fault {
  const code = codeOf(error);
  const phase: OutboundPhase = hasBegun ? 'response' : 'request';
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return { errorType: 'http_headers_too_large', phase: 'response' };
  }
  if (isProtocolError(error, code)) return { errorType: 'http_malformed', phase: 'response', code };
  if (isBadAnswer(error)) return badAnswer(error);
  if (isLostConnection(error)) return lostConnection(code, phase);
  if (TLS[code] !== undefined || code.startsWith('ERR_SSL_')) return tlsFault(error);
  if (TCP[code] !== undefined) return { errorType: 'connect_reset', phase, code };
  return { errorType: 'internal', phase: 'request', code };
}

function lostConnection(code: string, phase: OutboundPhase): Fault {
  if (code !== 'UND_ERR_SOCKET') return { errorType: 'connect_reset', phase, code };
  return phase === 'response' ? { errorType: 'http_malformed', phase } : { errorType: 'no_response', phase };
}

/** An assertion of undici's fails on a status such as 099, which its parser lets through. */
function isProtocolError(error: unknown, code: string): boolean {
  return (
    error instanceof errors.HTTPParserError ||
    code === 'ERR_ASSERTION' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  );
}

/** undici gives these two one code for all its socket errors; only the fixed message tells them apart. */
const BAD_ANSWERS: Types = { 'bad upgrade': 'http_upgrade', 'bad response': 'http_malformed' };

function isBadAnswer(error: unknown): error is Error {
  return error instanceof errors.SocketError && BAD_ANSWERS[error.message] !== undefined;
}

function badAnswer(error: Error): Fault {
  return { errorType: BAD_ANSWERS[error.message] ?? 'http_malformed', phase: 'response' };
}
