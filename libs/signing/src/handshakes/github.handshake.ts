import { defineHandshake, PROVEN } from './handshake.js';
import { signedJson } from './request-parts.js';

/** GitHub: an event `ping`; any 2xx will do. */
export const githubHandshake = defineHandshake({
  name: 'github',
  readsBody: false,
  request: (question) => {
    const { subscriptionId } = question.challenge;
    const config = { url: question.url, content_type: 'json', insecure_ssl: '0' };
    const hook = { type: 'App', id: subscriptionId, name: 'web', active: true, events: ['*'], config };
    const body = { zen: 'Ask before you send.', hook_id: subscriptionId, hook };
    return signedJson(question, body, {
      'X-GitHub-Event': 'ping',
      'X-GitHub-Delivery': guidOf(question.challenge.id),
    });
  },
  judge: () => PROVEN,
});

/** The UUID that the id was made of. */
function guidOf(id: string): string {
  return id.replace(/^msg_/, '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
