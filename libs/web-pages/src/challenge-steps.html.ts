import { html, type Html } from './html.js';

/** One step of a challenge, as the platform's API tells it. */
export interface ChallengeStepView {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
}

const NAMES: Readonly<Record<string, string>> = {
  resolve: 'Find the host',
  policy: 'Check the address',
  connect: 'Connect',
  tls: 'Secure the connection',
  status: 'Get an answer',
  proof: 'Verify the proof',
};
const MARKS: Readonly<Record<string, string>> = { passed: '✓', failed: '✗', skipped: '–' };

/** Shows how far a challenge came; the outcome of each step stands there in words, not by colour alone. */
export function challengeSteps(steps: readonly ChallengeStepView[]): Html {
  return html`<ol class="steps">
    ${steps.map(stepItem)}
  </ol>`;
}

function stepItem({ name, status, detail }: ChallengeStepView): Html {
  const kind = MARKS[status] === undefined ? 'skipped' : status;
  return html`<li class="step ${kind}">
    <span class="mark" aria-hidden="true">${MARKS[kind]}</span>
    <span><strong>${NAMES[name] ?? name}</strong> <em>${status}</em> ${detail}</span>
  </li>`;
}
