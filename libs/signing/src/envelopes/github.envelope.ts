import type { Envelope } from './envelope.js';
import { numberOf } from './json.js';
import { standardEnvelope } from './standard.envelope.js';

/** The standard body; type and id of the event stand in GitHub's headers. The GUID is the event's, on every attempt. */
export function githubEnvelope(subscriptionId: string): Envelope {
  return {
    ...standardEnvelope,
    headers: ({ id, type }) => ({
      'X-GitHub-Event': type,
      'X-GitHub-Delivery': id,
      'X-GitHub-Hook-ID': String(numberOf(subscriptionId)),
    }),
  };
}
