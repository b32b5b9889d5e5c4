import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { challengeResponse, parseSecret, verifyStandard } from '#libs/signing';
import type { Behaviour } from '../connection/behaviour.js';
import { ConnectionStore } from '../connection/connection.store.js';
import { parsedOrText } from '../messages/message.dto.js';
import { MessagesService } from '../messages/messages.service.js';

export interface SignedRequest {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: Buffer;
}

/** How to answer: with the proof of a challenge, or as the inbox is told to behave (null: well). */
export type Reaction =
  | { readonly kind: 'proof'; readonly proof: { readonly challenge: string; readonly response: string } }
  | { readonly kind: 'delivery'; readonly behaviour: Behaviour | null };

const MAX_ID_LENGTH = 200;

/** The rules of a good subscriber: verify, keep, acknowledge; work later. */
@Injectable()
export class Receiver {
  constructor(
    private readonly store: ConnectionStore,
    private readonly messages: MessagesService,
  ) {}

  async receive(request: SignedRequest): Promise<Reaction> {
    const key = await this.verified(request);
    const event = eventOf(request.body);
    if (event['type'] === 'webhook.challenge') return { kind: 'proof', proof: prove(key, event['data']) };
    const behaviour = await this.store.nextBehaviour();
    // With a wrong status the message is not taken; when only the answer is lost, it is, and comes twice.
    if (behaviour?.mode !== 'status' || behaviour.status < 300) await this.keep(request, event);
    return { kind: 'delivery', behaviour };
  }

  private async keep({ id = '', body }: SignedRequest, event: Record<string, unknown>): Promise<void> {
    const type = typeof event['type'] === 'string' ? storable(event['type']) : '';
    await this.messages.keep({ id, type, payload: body });
  }

  /** The key that signed the request; whoever signed with another one is nobody we know. */
  private async verified(request: SignedRequest): Promise<Buffer> {
    const { id, timestamp, signature, body } = request;
    const { secret } = await this.store.read();
    if (secret === null) throw unauthorized('not_connected', 'This inbox is not connected to anything.');
    const key = parseSecret(secret);
    if (id === undefined || timestamp === undefined || signature === undefined) {
      return this.refuse('The request has no webhook-id, webhook-timestamp and webhook-signature.');
    }
    const input = { id, timestamp: Number(timestamp), signature, body, keys: [key], now: new Date() };
    if (id.length > MAX_ID_LENGTH || !verifyStandard(input)) {
      return this.refuse('The signature does not fit, or is older than five minutes.');
    }
    return key;
  }

  private async refuse(reason: string): Promise<never> {
    await this.store.countRefusal(reason);
    throw unauthorized('invalid_signature', reason);
  }
}

function eventOf(body: Buffer): Record<string, unknown> {
  const value = parsedOrText(body);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function prove(key: Buffer, data: unknown): { challenge: string; response: string } {
  const { subscription_id: subscription, challenge } = (data ?? {}) as Record<string, unknown>;
  if (typeof subscription !== 'string' || typeof challenge !== 'string') {
    throw new AppError('malformed', 'malformed_challenge', 'The challenge names no subscription or no code.');
  }
  return { challenge, response: challengeResponse(key, subscription, challenge) };
}

function storable(type: string): string {
  return type.slice(0, 200).replace(/\0|\p{Surrogate}/gu, '\ufffd');
}

function unauthorized(code: string, message: string): AppError {
  return new AppError('unauthorized', code, message);
}
