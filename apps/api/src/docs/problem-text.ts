/** What the page of one code says. The texts are ours and may hold markup. */
export interface ProblemText {
  readonly code: string;
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
}

export function problem(status: number, code: string, meaning: string, remedy: string): ProblemText {
  return { status, code, meaning, remedy };
}
