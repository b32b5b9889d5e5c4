import { defineHandshake, PROVEN } from './handshake.js';
import { signedJson, subscriptionOf } from './request-parts.js';

/** GitHub: an event `ping`; any 2xx will do. */
export const githubHandshake = defineHandshake({
  name: 'github',
  readsBody: false,
  request: (question) => {
    const { number } = subscriptionOf(question);
    const config = { url: question.url, content_type: 'json', insecure_ssl: '0' };
    const hook = { type: 'App', id: number, name: 'web', active: true, events: ['*'], config };
    const body = { zen: 'Ask before you send.', hook_id: number, hook };
    return signedJson(question, body, {
      'X-GitHub-Event': 'ping',
      'X-GitHub-Delivery': guidOf(question.challenge.id),
      'X-GitHub-Hook-ID': String(number),
    });
  },
  judge: () => PROVEN,
});

/** The UUID that the id was made of. */
function guidOf(id: string): string {
  return id.replace(/^msg_/, '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
