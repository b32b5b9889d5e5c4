import type { Envelope } from './envelope.js';
import { standardEnvelope } from './standard.envelope.js';

export interface WebsubConfig {
  readonly topic: string;
  readonly hub?: string;
}

/** The news of a topic, with links to the topic and its hub. */
export function websubEnvelope({ topic, hub }: WebsubConfig): Envelope {
  const self = `<${topic}>; rel="self"`;
  const link = hub === undefined ? self : `<${hub}>; rel="hub", ${self}`;
  return { ...standardEnvelope, headers: () => ({ Link: link }) };
}
