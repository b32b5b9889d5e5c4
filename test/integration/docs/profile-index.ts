import { dialectOf, profileNamed } from '#libs/signing';
import type { Wish } from './page-requests.js';

export interface PageOfProfile {
  readonly name: string;
  readonly wish: Wish;
}

/** One row for each page: what its parts are. */
export function profileIndex(pages: readonly PageOfProfile[]): string {
  const rows = pages.map(({ name, wish }) => `| [\`${name}\`](${name}.md) | ${cellsOf(wish).join(' | ')} |`);
  const head = ['profile', 'for', 'handshake', 'signature', 'body', 'transport', 'arrived with'];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}

function cellsOf(wish: Wish): string[] {
  const { says, defaultHandshake = 'hmac, echo' } = profileNamed(wish.profile);
  const dialect = dialectOf(wish, '01938b1e-5c00-7000-8000-000000000001');
  const { transport, envelope, secret } = dialect;
  const input = { id: 'msg_1', timestamp: 0, body: Buffer.alloc(0), keys: [secret.parse(wish.secret)] };
  const status = transport.accepts(204) ? '2xx' : '200';
  const answer = transport.expectedAnswer === null ? '' : ' and the application id';
  const code = (text: string): string => `\`${text}\``;
  const proofs = Object.keys(dialect.headers({ ...input, url: wish.url })).filter((name) =>
    /signature|hmac|authorization/i.test(name),
  );
  return [
    says,
    code(wish.handshake ?? defaultHandshake),
    proofs.map(code).join(', '),
    code(envelope.contentType),
    transport.framing,
    status + answer,
  ];
}
