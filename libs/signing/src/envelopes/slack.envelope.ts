import { type Envelope, JSON_TYPE } from './envelope.js';
import { around, eventId, unixSeconds } from './json.js';

/** `{type: "event_callback", event_id, event_time, event}`; listeners are chosen by `event.type`. */
export const slackEnvelope: Envelope = {
  contentType: JSON_TYPE,
  body: (event) => {
    const time = unixSeconds(event);
    const stamp = (event.timestamp.getTime() / 1000).toFixed(6);
    const head =
      `{"type":"event_callback","event_id":"${eventId(event)}","event_time":${time},` +
      `"event":{"type":"${event.type}","event_ts":"${stamp}","data":`;
    return around(head, event.data, '}}');
  },
};
