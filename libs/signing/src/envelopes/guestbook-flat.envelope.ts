import { type Envelope, JSON_TYPE } from './envelope.js';
import { compactJson, firstText, membersOf, unixSeconds } from './json.js';

/** `{name, comment, time}`: what the receivers of the guestbook talk take. */
export const guestbookFlatEnvelope: Envelope = {
  contentType: JSON_TYPE,
  body: (event) => {
    const members = membersOf(event);
    const name = firstText(members, ['name']) ?? '';
    const comment = firstText(members, ['comment', 'message']) ?? '';
    return compactJson({ name, comment, time: unixSeconds(event) });
  },
};
