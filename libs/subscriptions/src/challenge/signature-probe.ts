import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OutboundHttp, type OutboundResult } from '#libs/outbound-http';
import { withOwnHeaders } from '../rules/own-headers.js';
import { ChallengeLog } from './challenge-log.js';
import type { ChallengeInput } from './challenge.service.js';
import { type ProbeVerdict, probeVerdict } from './probe-verdict.js';
import { type EventRequest, Questions } from './questions.js';
import { configSecrets } from '../secrets/config-secrets.js';
import { keyTexts, transcriptOf } from './transcript.js';

const LONGEST_PROBE_MS = 10_000;
const KEPT_BYTES = 4_096;

/**
 * Finds out whether a receiver verifies signatures: it gets a test event signed rightly, and the same signed with keys
 * that nobody has. Two requests, since a refusal says something only beside an acceptance.
 */
@Injectable()
export class SignatureProbe {
  constructor(
    private readonly outbound: OutboundHttp,
    private readonly log: ChallengeLog,
    private readonly questions: Questions,
  ) {}

  /** `unknown` without a request if the profile signs nothing; throws `challenge_rate_limited`. */
  async probe(input: ChallengeInput): Promise<ProbeVerdict> {
    const { request, isTaken } = this.questions.testEvent(input, input.keys);
    const { request: forged } = this.questions.testEvent(input, input.keys.map(otherKey));
    if (isSame(request, forged)) return 'unknown';
    const [right, wrong] = [withOwn(input, request), withOwn(input, forged)];
    const { id } = await this.log.open({ ...input, purpose: 'probe' });
    const results = [await this.send(input, right), await this.send(input, wrong)] as const;
    const verdict = probeVerdict(...results, isTaken);
    const transcript = [right, wrong].map((request, at) =>
      entryOf(input, request, results[at === 0 ? 0 : 1]),
    );
    await this.log.close(id, { outcome: verdict === 'unknown' ? 'failed' : 'passed', steps: [], transcript });
    return verdict;
  }

  private send(input: ChallengeInput, request: SignedEvent): Promise<OutboundResult> {
    return this.outbound.request({
      ...request,
      timeoutMs: Math.min(input.timeoutMs, LONGEST_PROBE_MS),
      maxBodyBytes: KEPT_BYTES,
      owner: input.caller.tenantId,
      waitForBody: true,
      tolerant: true,
    });
  }
}

type SignedEvent = EventRequest['request'];

function otherKey(key: Buffer): Buffer {
  return randomBytes(key.length);
}

/** The subscription's own headers stand behind those of its profile. */
function withOwn(input: ChallengeInput, request: SignedEvent): SignedEvent {
  return { ...request, headers: withOwnHeaders(request.headers, input.headers) };
}

function isSame(one: SignedEvent, other: SignedEvent): boolean {
  return JSON.stringify(one.headers) === JSON.stringify(other.headers);
}

function entryOf(input: ChallengeInput, request: SignedEvent, result: OutboundResult) {
  const ownHeaders = Object.keys(input.headers);
  const secrets = [...configSecrets(input), ...keyTexts(input.keys)];
  return transcriptOf({ request, result, isProven: true, ownHeaders, secrets });
}
