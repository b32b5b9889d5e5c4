import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/subscriptions';

/** As long as Preservica's own. */
export const TOKEN_SECONDS = 900;
/** What was sealed for another purpose is no token. */
const PURPOSE = 'preservica-access-token';
const TOKEN = /^([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{40,1024})$/;

/** What a token stands for. */
export interface Session {
  readonly tenantId: string;
  readonly keyId: string;
  /** The `tenant` that the client named; stands in the bodies of its subscriptions. */
  readonly label: string;
}

interface Sealed extends Session {
  /** Unix milliseconds. */
  readonly until: number;
}

/** Tokens that hold their session themselves, sealed: nothing is stored, and every process can read them. */
@Injectable()
export class AccessTokens {
  constructor(private readonly box: SecretBox) {}

  issue(session: Session): string {
    const sealed: Sealed = { ...session, until: Date.now() + TOKEN_SECONDS * 1000 };
    const { keyId, ciphertext } = this.box.seal(JSON.stringify(sealed), PURPOSE);
    return `${keyId}.${ciphertext.toString('base64url')}`;
  }

  /** Null for a text that is no token of ours. */
  read(token: string): Session | 'expired' | null {
    const [, keyId = '', text = ''] = TOKEN.exec(token) ?? [];
    const sealed = this.open(keyId, text);
    if (sealed === null) return null;
    return sealed.until > Date.now() ? sealed : 'expired';
  }

  private open(keyId: string, text: string): Sealed | null {
    try {
      const ciphertext = Buffer.from(text, 'base64url');
      return JSON.parse(this.box.open({ keyId, ciphertext }, PURPOSE)) as Sealed;
    } catch {
      return null;
    }
  }
}
