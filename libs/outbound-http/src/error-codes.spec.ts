import { expect, test } from 'vitest';
import { connectFault, dnsFault, exchangeFault, isLostConnection, tlsFault } from './error-codes.js';
import { describe } from './failure.js';

const withCode = (code: string): Error => Object.assign(new Error('secret text of the receiver'), { code });

test.each([
  ['ENOTFOUND', 'dns_nxdomain'],
  ['ENODATA', 'dns_empty'],
  ['ETIMEOUT', 'dns_timeout'],
  ['ESERVFAIL', 'dns_servfail'],
  ['EREFUSED', 'dns_servfail'],
  ['EBADRESP', 'dns_servfail'],
])('the resolver says %s: %s', (code, expected) => {
  expect(dnsFault(withCode(code))).toEqual({ errorType: expected, phase: 'resolve', code });
});

test.each([
  ['ECONNREFUSED', 'connect_refused'],
  ['ETIMEDOUT', 'connect_timeout'],
  ['ECONNRESET', 'connect_reset'],
  ['ENETUNREACH', 'connect_unreachable'],
  ['EHOSTUNREACH', 'connect_unreachable'],
  ['EMFILE', 'internal'],
])('connecting fails with %s: %s', (code, expected) => {
  expect(connectFault(withCode(code))).toMatchObject({ errorType: expected, phase: 'connect' });
});

test.each([
  ['CERT_HAS_EXPIRED', 'tls_expired'],
  ['CERT_NOT_YET_VALID', 'tls_expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_self_signed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_self_signed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_name_mismatch'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls_version'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_version'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls_client_cert_required'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_other'],
  ['ECONNRESET', 'tls_other'],
])('the handshake fails with %s: %s', (code, expected) => {
  expect(tlsFault(withCode(code))).toMatchObject({ errorType: expected, phase: 'tls' });
});

test.each<[string, Error | null, boolean, string]>([
  ['a reset', withCode('ECONNRESET'), false, 'no_response'],
  ['a failed write', withCode('EPIPE'), false, 'no_response'],
  ['a reset in the headers', withCode('ECONNRESET'), true, 'connect_reset'],
  ['a close without a byte', null, false, 'no_response'],
  ['a close in the headers', null, true, 'http_malformed'],
  [
    'a late demand for a certificate',
    withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
    false,
    'tls_client_cert_required',
  ],
  ['a broken TLS record', withCode('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'), true, 'tls_other'],
  ['anything unknown', new Error('secret text of the receiver'), false, 'internal'],
])('an exchange ended by %s is named', (_what, error, hasBegun, expected) => {
  const fault = exchangeFault(error, hasBegun);
  expect(fault.errorType).toBe(expected);
  expect(describe(fault)).toMatch(/^[A-Z][^\n]+$/);
  expect(describe(fault)).not.toContain('secret text');
});

test('only a lost connection may be replaced', () => {
  expect(isLostConnection(withCode('ECONNRESET'))).toBe(true);
  expect(isLostConnection(withCode('EPIPE'))).toBe(true);
  expect(isLostConnection(null)).toBe(true);
  expect(isLostConnection(withCode('ERR_SSL_BAD_RECORD_TYPE'))).toBe(false);
});
