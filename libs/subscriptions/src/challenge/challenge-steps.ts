export type StepName = 'resolve' | 'policy' | 'connect' | 'tls' | 'status' | 'proof';

/** One step of a challenge as its owner sees it; the detail of a failed one says what to do. */
export interface ChallengeStep {
  readonly name: StepName;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
  readonly durationMs: number | null;
}
