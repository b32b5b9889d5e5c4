import { textSecret } from '../secrets/text-secret.js';
import { hmacSigner } from './hmac.signer.js';

/** The label keeps deliveries apart from nothing: a challenge signs what it is given. See docs/profiles. */
export const preservicaSigner = hmacSigner({
  header: 'Preservica-Signature',
  template: 'preservica-webhook-auth{body}',
});

export const kloudlessSigner = hmacSigner({
  header: 'X-Kloudless-Signature',
  encoding: 'base64',
});

export const githubSigner = hmacSigner({ header: 'X-Hub-Signature-256', prefix: 'sha256=' });

/** Beside the other one, for receivers from before it. */
export const githubSha1Signer = hmacSigner({
  header: 'X-Hub-Signature',
  algorithm: 'sha1',
  prefix: 'sha1=',
});

export const slackSigner = hmacSigner({
  header: 'X-Slack-Signature',
  template: 'v0:{timestamp}:{body}',
  prefix: 'v0=',
  timestampHeader: 'X-Slack-Request-Timestamp',
});

export const zoomSigner = hmacSigner({
  header: 'x-zm-signature',
  template: 'v0:{timestamp}:{body}',
  prefix: 'v0=',
  timestampHeader: 'x-zm-request-timestamp',
});

export const twitterSigner = hmacSigner({
  header: 'x-twitter-webhooks-signature',
  encoding: 'base64',
  prefix: 'sha256=',
});

export const dropboxSigner = hmacSigner({ header: 'X-Dropbox-Signature' });

export const shopifySigner = hmacSigner({
  header: 'X-Shopify-Hmac-Sha256',
  encoding: 'base64',
});

export const trelloSigner = hmacSigner({
  header: 'X-Trello-Webhook',
  algorithm: 'sha1',
  encoding: 'base64',
  template: '{body}{url}',
});

export const twitchSigner = hmacSigner({
  header: 'Twitch-Eventsub-Message-Signature',
  template: '{id}{timestamp}{body}',
  prefix: 'sha256=',
  idHeader: 'Twitch-Eventsub-Message-Id',
  timestampHeader: 'Twitch-Eventsub-Message-Timestamp',
  timestampFormat: 'iso',
});

export const smartsheetSigner = hmacSigner({ header: 'Smartsheet-Hmac-SHA256' });

export const asanaSigner = hmacSigner({ header: 'X-Hook-Signature' });

export const WEBSUB_ALGORITHMS = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export type WebsubAlgorithm = (typeof WEBSUB_ALGORITHMS)[number];

/** The standard wants secrets below 200 bytes. */
export const websubSecret = textSecret({ maxBytes: 199 });

export function websubSigner(algorithm: WebsubAlgorithm) {
  return hmacSigner({
    header: 'X-Hub-Signature',
    algorithm,
    prefix: `${algorithm}=`,
  });
}
