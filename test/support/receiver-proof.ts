import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';

/**
 * How a receiver answers challenges: a right proof (`hmac` proves knowledge of the secret and echoes as well;
 * `echo` as JSON; `echo-text` as plain text), a wrong one, or, with `as-planned`, like any other request.
 */
export type Proof = 'hmac' | 'echo' | 'echo-text' | 'wrong' | 'as-planned';

interface Challenge {
  readonly body: Buffer;
  readonly secret: string | null;
  readonly proof: Proof;
}

export function challengeAnswer(response: ServerResponse, { body, secret, proof }: Challenge): void {
  const { data } = JSON.parse(body.toString()) as { data: { subscription_id: string; challenge: string } };
  const isText = proof === 'echo-text';
  response.writeHead(200, { 'content-type': isText ? 'text/plain' : 'application/json' });
  if (isText) return void response.end(data.challenge);
  if (proof === 'wrong')
    return void response.end(JSON.stringify({ challenge: 'wrong', response: 'd3Jvbmc=' }));
  const isSigned = proof === 'hmac' && secret !== null;
  const proven = isSigned ? { response: hmacProof(secret, data) } : {};
  response.end(JSON.stringify({ challenge: data.challenge, ...proven }));
}

function hmacProof(secret: string, data: { subscription_id: string; challenge: string }): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const text = `webhook-challenge.v1\n${data.subscription_id}\n${data.challenge}`;
  return createHmac('sha256', key).update(text).digest('base64');
}

/** Whether the reference library of Standard Webhooks accepts the request. */
export function isVerified(secret: string, headers: Record<string, string>, body: Buffer): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
