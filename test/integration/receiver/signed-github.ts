import { createHmac, randomUUID } from 'node:crypto';
import { Receiver, type ReceivedEvent, senders } from '#libs/receiver';

const SECRET = 'It’s a Secret to Everybody';

/** A body that JSON parsers would change: white space, a number beyond doubles, text beyond ASCII. */
export const BODY = '{ "type": "a.b",  "n": 9007199254740993, "name": "Zoë 😀" }\n';

export function githubHeaders(body: string, secret = SECRET): Record<string, string> {
  return {
    'content-type': 'application/json',
    'X-GitHub-Event': 'a.b',
    'X-GitHub-Delivery': randomUUID(),
    'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}

/** A receiver that remembers the payloads it worked on. */
export function recordingReceiver(acknowledge: 'first' | 'when-done' = 'first') {
  const worked: string[] = [];
  const receiver = new Receiver({
    sender: senders.github({ secrets: [SECRET] }),
    acknowledge,
    maxBodyBytes: 4096,
    work: ({ payload }: ReceivedEvent) => worked.push(payload.toString()),
  });
  return { receiver, worked };
}
