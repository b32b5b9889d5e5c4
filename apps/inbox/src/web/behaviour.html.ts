import { html, type Html } from '#libs/web-pages';
import { type Behaviour, describe } from '../connection/behaviour.js';

const MODES = [
  ['off', 'Behave well'],
  ['status', 'Answer with a status'],
  ['delay', 'Answer late'],
  ['hang', 'Never answer'],
  ['reset', 'Break the connection'],
] as const;

/** The form that tells the inbox to misbehave, to watch how the platform copes. */
export function behaviourForm(behaviour: Behaviour | null): Html {
  const { status = 503, retryAfterSeconds = null, delayMs = 5000 } = behaviour ?? {};
  return html`<form class="panel" method="post" action="/inbox/behaviour">
    <h2>Misbehave</h2>
    <p class="hint">
      Deliveries feel it, the challenge does not. Late, unanswered and broken ones are kept all the same: only
      the answer is lost, so they come again and count as duplicates.
    </p>
    <div class="field">
      <label for="mode">What to do</label>
      <select id="mode" name="mode">
        ${MODES.map(([mode, text]) => modeOption(mode, text, behaviour?.mode ?? 'off'))}
      </select>
    </div>
    <div class="pair">
      ${numberField({ name: 'status', label: 'Status', value: status, range: [200, 599] })}
      ${numberField({ name: 'retryAfterSeconds', label: 'Retry-After (s)', value: retryAfterSeconds, range: [0, 86_400] })}
      ${numberField({ name: 'delayMs', label: 'Delay (ms)', value: delayMs, range: [0, 120_000] })}
      ${numberField({ name: 'requests', label: 'Requests', value: behaviour?.remaining ?? null, range: [1, 100_000], hint: 'Empty: until you switch it off.' })}
    </div>
    <button class="primary">Apply</button>
  </form>`;
}

/** What the inbox is doing right now, for the part of the page that stays live. */
export function behaviourLine(behaviour: Behaviour | null): Html {
  if (behaviour === null) return html`<p class="mood"><span class="badge good">behaves well</span></p>`;
  return html`<p class="mood"><span class="badge bad">misbehaves</span> ${describe(behaviour)}</p>`;
}

function modeOption(mode: string, text: string, chosen: string): Html {
  return html`<option value="${mode}" ${mode === chosen && html`selected`}>${text}</option>`;
}

interface NumberField {
  readonly name: string;
  readonly label: string;
  readonly value: number | null;
  readonly range: readonly [number, number];
  readonly hint?: string;
}

function numberField({ name, label, value, range: [min, max], hint }: NumberField): Html {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="number"
      inputmode="numeric"
      min="${min}"
      max="${max}"
      value="${value}"
      ${hint && html`aria-describedby="${name}-hint"`}
    />
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
  </div>`;
}
