import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { ID_PREFIX, newId, toTypeId } from '#libs/kernel';
import type { OutboundResult } from '#libs/outbound-http';
import {
  dialectOf,
  type Framing,
  type HandshakeName,
  handshakeNamed,
  type HandshakeRequest,
  isTaken,
  newChallenge,
  type ProfileChoice,
  type Question,
} from '#libs/signing';

/** Said by a platform that has no address of its own. */
const NAMELESS = 'localhost';

/** What of a subscription its questions depend on. */
export interface Subject extends ProfileChoice {
  readonly subscriptionId: string;
  readonly url: string;
  /** The URL to the letter as it was given; left out: as `url`. */
  readonly registeredUrl?: string | null;
  readonly handshake: HandshakeName;
  readonly keys: readonly Buffer[];
  /** What this question alone says, as fields of the config would; for handshakes with more than one thing to ask. */
  readonly terms?: Readonly<Record<string, string>>;
}

/** A request as the subscription's deliveries are, and which answers to it mean that the event was taken. */
export interface EventRequest {
  readonly request: HandshakeRequest & { readonly framing: Framing };
  readonly isTaken: (result: OutboundResult) => boolean;
}

/** Makes the questions that are put to receivers: a fresh code, and all that the request is made of. */
@Injectable()
export class Questions {
  constructor(private readonly config: AppConfig) {}

  /** Whether a receiver of this kind can answer later, at an address of ours. */
  takesLateConsent({ handshake }: Pick<Subject, 'handshake'>): boolean {
    return handshake === 'cloudevents' && this.config.http.publicUrl !== null;
  }

  questionOf(subject: Subject, callbackToken: string | null): Question {
    const { url, keys, profileConfig = {}, terms } = subject;
    const known = subject.registeredUrl ?? url;
    const { publicUrl } = this.config.http;
    const subscriptionId = toTypeId(ID_PREFIX.subscription, subject.subscriptionId);
    const challenge = newChallenge(subscriptionId, new Date(), handshakeNamed(subject.handshake).newCode);
    const timestamp = Math.floor(challenge.timestamp.getTime() / 1000);
    const dialect = dialectOf(subject, subject.subscriptionId);
    return {
      challenge,
      url,
      registeredUrl: known,
      keys,
      config: { ...profileConfig, ...terms },
      origin: publicUrl === null ? NAMELESS : new URL(publicUrl).hostname,
      callbackUrl:
        callbackToken === null || publicUrl === null ? null : `${publicUrl}/consent/${callbackToken}`,
      sign: (body, contentType) => {
        const signed = { id: challenge.id, timestamp, body, keys, url, registeredUrl: known };
        return dialect.headers({ ...signed, ...(contentType !== undefined && { contentType }) });
      },
    };
  }

  /** A test event on its way to this subscription, signed with these keys. */
  testEvent(subject: Subject, keys: readonly Buffer[]): EventRequest {
    const { subscriptionId, url } = subject;
    const registeredUrl = subject.registeredUrl ?? url;
    const dialect = dialectOf(subject, subscriptionId);
    const timestamp = new Date();
    const id = newId();
    const data = Buffer.from(
      JSON.stringify({ test: true, message: 'Does this receiver verify signatures?' }),
    );
    const event = { id, tenantId: subscriptionId, type: 'bellhop.test.sent', subject: null, timestamp, data };
    const body = dialect.envelope.body(event);
    const at = { id: `msg_${id.replaceAll('-', '')}`, timestamp: Math.floor(timestamp.getTime() / 1000) };
    const headers = dialect.headers({ ...at, body, keys, url, registeredUrl, event });
    const { framing } = dialect.transport;
    const request = { method: 'POST' as const, url, headers, body, framing };
    return { request, isTaken: (result) => result.kind === 'response' && isTaken(dialect.transport, result) };
  }
}
