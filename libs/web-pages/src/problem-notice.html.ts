import type { FieldError } from '#libs/kernel';
import { html, type Html } from './html.js';

/** One step of a challenge, as the platform's API tells it. */
export interface ChallengeStepView {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
}

/** Why the platform refused something. */
export interface PageProblem {
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** How far a challenge came, if there was one. */
  readonly steps: readonly ChallengeStepView[];
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

/** Says what went wrong, and with a challenge how far it came. */
export function problemNotice({ detail, errors, steps }: PageProblem): Html {
  const further = errors.filter(({ message }) => !detail.includes(message));
  return html`<section class="notice bad" aria-labelledby="problem-title">
    <h2 id="problem-title">${steps.length > 0 ? 'The challenge failed' : 'That did not work'}</h2>
    <p>${detail}</p>
    ${
      further.length > 0 &&
      html`<ul>
        ${further.map(({ field, message }) => html`<li><code>${field}</code> ${message}</li>`)}
      </ul>`
    }
    ${steps.length > 0 && challengeSteps(steps)}
  </section>`;
}

/** The outcome of each step stands there in words, not by colour alone. */
function challengeSteps(steps: readonly ChallengeStepView[]): Html {
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
