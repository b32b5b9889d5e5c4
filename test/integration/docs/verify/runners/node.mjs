import { readFileSync } from 'node:fs';

const headersOf = ([type, digest, id, timestamp, input, signature]) => ({
  'content-type': type,
  'content-digest': digest,
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'signature-input': input,
  signature,
});
const calls = {
  standard: (a, b) => standard(a[0], a[1], a[2], a[3], b[4], Number(a[5])),
  'standard-public': (a, b) => standardPublic(a[0], a[1], a[2], a[3], b[4], Number(a[5])),
  'over-body': (a, b) => overBody(a[0], a[1], a[2], a[3], b[4]),
  preservica: (a, b) => preservica(a[0], a[1], b[2]),
  stripe: (a, b) => stripe(a[0], a[1], b[2], Number(a[3])),
  v0: (a, b) => v0(a[0], a[1], a[2], b[3], Number(a[4])),
  twitch: (a, b) => twitch(a[0], a[1], a[2], a[3], b[4], Number(a[5])),
  'http-signature': (a, b) => httpSignature(a[0], a[1], headersOf(a.slice(2, 8)), b[8], Number(a[9])),
  'mcs-proof': (a) => mcsProof(...a),
  'challenge-response': (a) => challengeResponse(...a),
};
for (const line of readFileSync(0, 'utf8').trimEnd().split('\n')) {
  const [scheme, ...fields] = line.split('\t');
  const bytes = fields.map((field) => Buffer.from(field.slice(1), 'base64'));
  process.stdout.write(`${calls[scheme](bytes.map(String), bytes)}\n`);
}
