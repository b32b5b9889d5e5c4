import { type Envelope, JSON_TYPE } from './envelope.js';
import { around, eventId, unixSeconds } from './json.js';

/** `{id, object: "event", type, created, data: {object}}`. */
export const stripeEnvelope: Envelope = {
  contentType: JSON_TYPE,
  body: (event) => {
    const head = `{"id":"${eventId(event)}","object":"event","type":"${event.type}","created":${unixSeconds(event)},"data":{"object":`;
    return around(head, event.data, '}}');
  },
};
