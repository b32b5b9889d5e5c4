import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { OutboundHttp, type OutboundResult } from '#libs/outbound-http';
import {
  handshakeNamed,
  type HandshakeRequest,
  judgeAnswer,
  type ProofVerdict,
  type Question,
} from '#libs/signing';
import { invalidFields } from '../subscriptions.errors.js';
import { withOwnHeaders } from '../rules/own-headers.js';
import { UrlGate } from '../rules/url-gate.js';
import { configSecrets } from '../secrets/config-secrets.js';
import type { Consent } from './consent.js';
import { ChallengeLog, type OpenedChallenge, type PlannedChallenge } from './challenge-log.js';
import { challengeSteps, type ChallengeStep } from './challenge-steps.js';
import { Questions, type Subject } from './questions.js';
import { keyTexts, transcriptOf } from './transcript.js';

/** A person waits for the answer, and a stuck receiver holds a request of ours meanwhile. */
const LONGEST_CHALLENGE_MS = 10_000;

const OWN_SECRET_HINT =
  'If it verifies signatures first, give a secret of your own in the field `secret`: a receiver cannot know one that is made during the challenge.';

export interface ChallengeInput extends PlannedChallenge, Subject {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Made by us a moment ago: nobody has seen the secret yet, so no receiver can verify with it. */
  readonly isSecretUnseen?: boolean;
}

interface Asked {
  readonly question: Question;
  readonly request: HandshakeRequest;
  readonly result: OutboundResult;
  readonly verdict: ProofVerdict | null;
}

/** Asks a URL whether it wants what a subscription would send. Must not be called inside a transaction. */
@Injectable()
export class ChallengeService {
  constructor(
    private readonly outbound: OutboundHttp,
    private readonly log: ChallengeLog,
    private readonly gate: UrlGate,
    private readonly questions: Questions,
  ) {}

  /** Resolves when the receiver has proven it, or at once for `none`; throws `challenge_failed` with the steps. */
  async challenge(input: ChallengeInput): Promise<Consent> {
    const ask = await this.open(input);
    return ask();
  }

  /**
   * Writes the challenge down, and gives what makes the request, as `challenge` does, when the time has come for it.
   * Throws what can be said without asking: `challenge_rate_limited`, or what the handshake misses.
   */
  async open(input: ChallengeInput): Promise<() => Promise<Consent>> {
    if (!handshakeNamed(input.handshake).asks)
      return () => Promise.resolve({ kind: 'given', allowedPerMinute: null });
    refuseMissing(input);
    const startedAt = performance.now();
    const takesLateConsent = input.takesLateConsent === true && this.questions.takesLateConsent(input);
    const opened = await this.log.open({ ...input, takesLateConsent });
    return () => this.put(input, opened, startedAt);
  }

  private async put(
    input: ChallengeInput,
    { id, callbackToken }: OpenedChallenge,
    startedAt: number,
  ): Promise<Consent> {
    const asked = await this.ask(input, this.questions.questionOf(input, callbackToken));
    const { result, verdict } = asked;
    const steps = challengeSteps(input.url, result, verdict);
    const outcome = outcomeOf(asked);
    await this.log.close(id, { outcome, steps, transcript: [entryOf(input, asked)] });
    if (verdict?.isProven) return { kind: 'given', allowedPerMinute: verdict.allowedPerMinute ?? null };
    if (outcome === 'waiting') return { kind: 'awaited' };
    const handshake = { type: input.handshake, steps };
    if (outcome === 'failed' || result.kind === 'response') throw challengeFailed(handshake, verdict, result);
    const { errorType, detail } = result;
    throw await this.gate.refusal({
      caller: input.caller,
      startedAt,
      errorType,
      detail,
      extensions: { handshake },
    });
  }

  private async ask(input: ChallengeInput, question: Question): Promise<Asked> {
    const handshake = handshakeNamed(input.handshake);
    const asked = handshake.request(question);
    const request = { ...asked, headers: withOwnHeaders(asked.headers, input.headers) };
    const result = await this.outbound.request({
      ...request,
      timeoutMs: Math.min(input.timeoutMs, LONGEST_CHALLENGE_MS),
      maxBodyBytes: handshake.maxAnswerBytes + 1,
      owner: input.caller.tenantId,
      waitForBody: handshake.readsBody,
      tolerant: true,
    });
    return { question, request, result, verdict: verdictOn(input, question, result) };
  }
}

/** What a profile lets be left out may be needed by the handshake. */
function refuseMissing({ handshake, profileConfig = {} }: ChallengeInput): void {
  const missing = handshakeNamed(handshake).needs.filter((name) => profileConfig[name] === undefined);
  if (missing.length === 0) return;
  const message = `is missing: the handshake ${handshake} asks with it`;
  throw invalidFields(missing.map((name) => ({ field: `profileConfig.${name}`, message })));
}

function verdictOn(input: ChallengeInput, question: Question, result: OutboundResult): ProofVerdict | null {
  if (result.kind === 'failure') return null;
  const { status, headers, body, bodyTruncated: isTruncated } = result;
  const answer = { status, headers, body, isTruncated };
  const verdict = judgeAnswer(handshakeNamed(input.handshake), { ...question, answer });
  if (verdict.isProven || input.isSecretUnseen !== true) return verdict;
  const mayMissSecret = status === 401 || status === 403 || verdict.errorType === 'challenge_signature';
  return mayMissSecret ? { ...verdict, hint: `${verdict.hint} ${OWN_SECRET_HINT}` } : verdict;
}

function outcomeOf({ result, verdict }: Asked): 'passed' | 'failed' | 'refused' | 'waiting' {
  if (result.kind === 'failure') {
    return result.phase === 'policy' || result.phase === 'resolve' ? 'refused' : 'failed';
  }
  if (verdict?.isProven === true) return 'passed';
  return verdict?.isAwaited === true ? 'waiting' : 'failed';
}

function entryOf(input: ChallengeInput, { question, request, result, verdict }: Asked) {
  const callbacks = question.callbackUrl === null ? [] : [question.callbackUrl];
  return transcriptOf({
    request,
    result,
    isProven: verdict?.isProven === true,
    ownHeaders: Object.keys(input.headers),
    secrets: [...configSecrets(input), ...keyTexts(question.keys), ...callbacks],
  });
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
