import { type Envelope, JSON_TYPE } from './envelope.js';

/** The publisher's data and nothing around it. */
export const dataEnvelope: Envelope = { contentType: JSON_TYPE, body: ({ data }) => data };
