import type { OutboundFailure, OutboundPhase, OutboundResponse, OutboundResult } from '#libs/outbound-http';
import type { ProofVerdict } from '#libs/signing';
import { connectionHint } from './connection-hints.js';

const STEPS = ['resolve', 'policy', 'connect', 'tls', 'status', 'proof'] as const;
export type StepName = (typeof STEPS)[number];

/** One step of a challenge as its owner sees it; the detail of a failed one says what to do. */
export interface ChallengeStep {
  readonly name: StepName;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
  readonly durationMs: number | null;
}

interface FailedStep {
  readonly name: StepName;
  readonly detail: string;
}

const STEP_OF_PHASE: Readonly<Record<OutboundPhase, StepName>> = {
  policy: 'policy',
  resolve: 'resolve',
  connect: 'connect',
  tls: 'tls',
  request: 'status',
  response: 'status',
};

const PASSED: Readonly<Record<StepName, string>> = {
  resolve: 'The host name has an address.',
  policy: 'The address is allowed.',
  connect: 'A connection was made.',
  tls: 'The certificate is valid.',
  status: 'The receiver answered.',
  proof: 'The receiver proved that it wants these events.',
};

/** What happened, step by step; what comes after a failed step was not tried. */
export function challengeSteps(
  url: string,
  result: OutboundResult,
  verdict: ProofVerdict | null,
): ChallengeStep[] {
  const failed = failedStep(result, verdict);
  const failedAt = failed ? STEPS.indexOf(failed.name) : STEPS.length;
  const isPlain = url.startsWith('http:');
  return STEPS.map((name, at): ChallengeStep => {
    const durationMs = durationOf(name, result);
    if (failed && at === failedAt) return { name, status: 'failed', detail: failed.detail, durationMs };
    if (at > failedAt) return { name, status: 'skipped', detail: 'Not tried.', durationMs: null };
    if (name === 'tls' && isPlain)
      return { name, status: 'skipped', detail: 'Plain http.', durationMs: null };
    const isAddress = name === 'resolve' && result.timings.resolveMs === null;
    if (isAddress) return { name, status: 'skipped', detail: 'Nothing to look up.', durationMs: null };
    return { name, status: 'passed', detail: passedDetail(name, result, verdict), durationMs };
  });
}

function passedDetail(name: StepName, result: OutboundResult, verdict: ProofVerdict | null): string {
  if (name === 'status' && result.kind === 'response') return `Answered ${result.status}.`;
  const note = name === 'proof' && verdict?.isProven === true ? verdict.note : undefined;
  return note === undefined ? PASSED[name] : `${PASSED[name]} ${note}`;
}

function failedStep(result: OutboundResult, verdict: ProofVerdict | null): FailedStep | null {
  if (result.kind === 'failure') return { name: STEP_OF_PHASE[result.phase], detail: failureDetail(result) };
  if (!verdict || verdict.isProven) return null;
  if (verdict.errorType !== 'challenge_status') return { name: 'proof', detail: verdict.hint };
  return { name: 'status', detail: `Answered ${result.status}${locationOf(result)}. ${verdict.hint}` };
}

function failureDetail({ detail, errorType }: OutboundFailure): string {
  const hint = connectionHint(errorType);
  return hint === '' ? detail : `${detail} ${hint}`;
}

/** A redirect's goal helps its owner; cut, because it is the receiver's text. */
function locationOf({ status, headers }: OutboundResponse): string {
  const location = headers['location'];
  return location && status >= 300 && status < 400 ? ` (to ${location.slice(0, 200)})` : '';
}

function durationOf(name: StepName, { timings }: OutboundResult): number | null {
  const durations: Partial<Record<StepName, number | null>> = {
    resolve: timings.resolveMs,
    connect: timings.connectMs,
    tls: timings.tlsMs,
    status: timings.firstByteMs,
  };
  return durations[name] ?? null;
}
