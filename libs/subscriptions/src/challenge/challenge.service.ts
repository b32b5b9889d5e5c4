import { Injectable } from '@nestjs/common';
import { AppError, ID_PREFIX, toTypeId } from '#libs/kernel';
import { OutboundHttp, type OutboundResult } from '#libs/outbound-http';
import {
  type Challenge,
  challengeBody,
  handshakeNamed,
  judgeAnswer,
  MAX_PROOF_BYTES,
  newChallenge,
  profileNamed,
  type ProofVerdict,
} from '#libs/signing';
import { UrlGate } from '../rules/url-gate.js';
import { ChallengeLog, type PlannedChallenge } from './challenge-log.js';
import { challengeSteps, type ChallengeStep } from './challenge-steps.js';

/** A person waits for the answer, and a stuck receiver holds a request of ours meanwhile. */
const LONGEST_CHALLENGE_MS = 10_000;

const OWN_SECRET_HINT =
  'If it verifies signatures first, give a secret of your own in the field `secret`: a receiver cannot know one that is made during the challenge.';

export interface ChallengeInput extends PlannedChallenge {
  readonly profile: string;
  /** Live keys, newest first. */
  readonly keys: readonly Buffer[];
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Made by us a moment ago: nobody has seen the secret yet, so no receiver can verify with it. */
  readonly isSecretUnseen?: boolean;
}

/** Asks a URL whether it wants what a subscription would send. Must not be called inside a transaction. */
@Injectable()
export class ChallengeService {
  constructor(
    private readonly outbound: OutboundHttp,
    private readonly log: ChallengeLog,
    private readonly gate: UrlGate,
  ) {}

  /** Resolves when the receiver has proven it, or at once for `none`; throws `challenge_failed` with the steps. */
  async challenge(input: ChallengeInput): Promise<void> {
    if (!handshakeNamed(input.handshake).asks) return;
    const startedAt = performance.now();
    const recordId = await this.log.open(input);
    const challenge = newChallenge(toTypeId(ID_PREFIX.subscription, input.subscriptionId), new Date());
    const result = await this.ask(input, challenge);
    const verdict = verdictOn(input, challenge, result);
    const steps = challengeSteps(input.url, result, verdict);
    const isRefused = result.kind === 'failure' && (result.phase === 'policy' || result.phase === 'resolve');
    await this.log.close(recordId, isRefused ? 'refused' : verdict?.isProven ? 'passed' : 'failed', steps);
    if (verdict?.isProven) return;
    const handshake = { type: input.handshake, steps };
    if (!isRefused) throw challengeFailed(handshake, verdict, result);
    const { errorType, detail } = result;
    throw await this.gate.refusal({
      caller: input.caller,
      startedAt,
      errorType,
      detail,
      extensions: { handshake },
    });
  }

  private ask(input: ChallengeInput, challenge: Challenge): Promise<OutboundResult> {
    const body = challengeBody(challenge);
    const timestamp = Math.floor(challenge.timestamp.getTime() / 1000);
    const signed = profileNamed(input.profile).headers({
      id: challenge.id,
      timestamp,
      body,
      keys: input.keys,
    });
    return this.outbound.request({
      url: input.url,
      method: 'POST',
      headers: { ...input.headers, ...signed },
      body,
      timeoutMs: Math.min(input.timeoutMs, LONGEST_CHALLENGE_MS),
      maxBodyBytes: MAX_PROOF_BYTES + 1,
      owner: input.caller.tenantId,
      waitForBody: input.handshake !== 'ping',
    });
  }
}

function verdictOn(input: ChallengeInput, challenge: Challenge, result: OutboundResult): ProofVerdict | null {
  if (result.kind === 'failure') return null;
  const answer = { status: result.status, body: result.body, isTruncated: result.bodyTruncated };
  const verdict = judgeAnswer(handshakeNamed(input.handshake), { challenge, answer, keys: input.keys });
  const isRefused = result.status === 401 || result.status === 403;
  if (verdict.isProven || !isRefused || input.isSecretUnseen !== true) return verdict;
  return { ...verdict, hint: `${verdict.hint} ${OWN_SECRET_HINT}` };
}

function challengeFailed(
  handshake: { type: string; steps: ChallengeStep[] },
  verdict: ProofVerdict | null,
  result: OutboundResult,
): AppError {
  const failed = handshake.steps.find(({ status }) => status === 'failed');
  const errorType =
    verdict && !verdict.isProven ? verdict.errorType : result.kind === 'failure' ? result.errorType : null;
  const message = `The URL did not pass the challenge at the step "${failed?.name}". ${failed?.detail}`;
  return new AppError('invalid', 'challenge_failed', message, {
    errors: [{ field: 'url', message: failed?.detail ?? 'did not pass the challenge' }],
    extensions: { handshake, errorType },
  });
}
