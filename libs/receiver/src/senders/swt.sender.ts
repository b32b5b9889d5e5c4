import { createHash } from 'node:crypto';
import { isEqualConstantTime } from '#libs/signing';
import { membersOf, parsedJson, textOf } from '../json.js';
import { newEvent } from '../received-event.js';
import { emptyAnswer, headerOf } from '../request.js';
import { answered, badSignature, brought, type Sender } from '../sender.js';
import { hmac } from '../verify/hmac.js';
import { isRecent } from '../verify/timestamp.js';
import { keysOf } from './secrets.js';

export interface SwtOptions {
  readonly secrets: readonly string[];
  /** Left out: any. */
  readonly issuer?: string;
  readonly algorithm?: 'HS256' | 'HS384' | 'HS512';
  readonly toleranceSeconds?: number;
}

/** Secure Webhook Token: `Authorization: Bearer` and a JWT that names the digest of the body. */
export function swt({ secrets, issuer, algorithm = 'HS256', toleranceSeconds }: SwtOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'swt',
    read: (request, now) => {
      const [, head = '', payload = '', signature = ''] =
        TOKEN.exec(headerOf(request, 'authorization') ?? '') ?? [];
      const question = {
        parts: [`${head}.${payload}`],
        algorithm: DIGESTS[algorithm],
        encoding: 'base64' as const,
      };
      const isSigned = keys.some((key) => isEqualConstantTime(signature, urlSafe(hmac(key, question))));
      const claims = partOf(payload);
      const { alg, typ } = partOf(head);
      const isAgreed = alg === algorithm && typ === 'SWT' && (issuer ?? claims['iss']) === claims['iss'];
      const isNow = isRecent(String(claims['iat']), now, toleranceSeconds) && !isOver(claims['exp'], now);
      const webhook = membersOf(claims['webhook']);
      if (!isSigned || !isAgreed || !isNow || webhook['hash'] !== hashOf(request.body)) return badSignature();
      const type = textOf(webhook, 'event') ?? '';
      if (type === 'webhook.challenge') return answered(emptyAnswer(204));
      const id = headerOf(request, 'webhook-id') ?? textOf(claims, 'jti') ?? '';
      return brought([newEvent({ id, type, payload: request.body })]);
    },
  };
}

const TOKEN = /^bearer ([\w-]{1,1024})\.([\w-]{1,8192})\.([\w-]{1,128})$/i;
const DIGESTS = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

/** An empty body has none. */
function hashOf(body: Buffer): string | undefined {
  return body.length === 0 ? undefined : `sha-256:${createHash('sha256').update(body).digest('hex')}`;
}

function partOf(text: string): Readonly<Record<string, unknown>> {
  return membersOf(parsedJson(Buffer.from(text, 'base64url')));
}

function isOver(exp: unknown, now: Date): boolean {
  return typeof exp !== 'number' || exp < now.getTime() / 1000;
}

function urlSafe(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64url');
}
