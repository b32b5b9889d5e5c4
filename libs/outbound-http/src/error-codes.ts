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

/** The other side ended an exchange, in order (null) or not (RST, failed write). */
export function isLostConnection(error: Error | null): boolean {
  return error === null || TCP[codeOf(error)] === 'connect_reset';
}

/** An exchange on an open connection that was lost before the answer's headers were read. */
export function exchangeFault(error: Error | null, hasBegun: boolean): Fault {
  const phase: OutboundPhase = hasBegun ? 'response' : 'request';
  if (error === null) return { errorType: hasBegun ? 'http_malformed' : 'no_response', phase };
  const code = codeOf(error);
  if (TLS[code] !== undefined || code.startsWith('ERR_SSL_')) return tlsFault(error);
  if (TCP[code] !== undefined) return { errorType: hasBegun ? 'connect_reset' : 'no_response', phase, code };
  return { errorType: 'internal', phase: 'request', code };
}
