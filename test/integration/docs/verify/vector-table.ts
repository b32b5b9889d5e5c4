import type { Case } from './cases.js';

/** The arguments of each function, in its order. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  standard: ['secret', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'body', 'now'],
  'standard-public': ['public key', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'body', 'now'],
  'over-body': ['secret', 'prefix', 'encoding', 'signature', 'body'],
  preservica: ['secret', 'signature', 'body'],
  stripe: ['secret', 'signature', 'body', 'now'],
  v0: ['secret', 'timestamp', 'signature', 'body', 'now'],
  twitch: ['secret', 'id', 'timestamp', 'signature', 'body', 'now'],
  'http-signature': [
    'key',
    'url',
    'content-type',
    'content-digest',
    'webhook-id',
    'webhook-timestamp',
    'signature-input',
    'signature',
    'body',
    'now',
  ],
  'mcs-proof': ['Token', 'Timestamp', 'TopicArn', 'url'],
  'challenge-response': ['secret', 'subscription_id', 'challenge'],
};

/** Every vector as text that any language can be held to by hand. */
export function vectorTable(cases: readonly Case[]): string {
  return Object.entries(ARGUMENTS)
    .map(([scheme, names]) => {
      const own = cases.filter((one) => one.scheme === scheme);
      return `## ${scheme}\n\n${own.map((one) => vectorOf(names, one)).join('\n')}`;
    })
    .join('\n');
}

function vectorOf(names: readonly string[], { name, args, expected }: Case): string {
  const lines = names.map((label, at) => `${label}: ${args[at] ?? ''}`.trimEnd());
  const result = expected === 'true' ? [] : [`→ ${expected}`];
  return `${name}\n\n\`\`\`text\n${[...lines, ...result].join('\n')}\n\`\`\`\n`;
}
