import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { type Answer, type IncomingRequest, type NewEvent, senders } from '#libs/receiver';
import type { Behaviour } from '../connection/behaviour.js';
import { ConnectionStore } from '../connection/connection.store.js';
import { MessagesService } from '../messages/messages.service.js';

/** How to answer: with the proof of a challenge, or as the inbox is told to behave (null: well). */
export type Reaction =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'delivery'; readonly behaviour: Behaviour | null };

/** The rules of a good subscriber: verify, keep, acknowledge; work later. */
@Injectable()
export class Receiver {
  constructor(
    private readonly store: ConnectionStore,
    private readonly messages: MessagesService,
  ) {}

  async receive(request: IncomingRequest): Promise<Reaction> {
    const { secret } = await this.store.read();
    if (secret === null) throw unauthorized('not_connected', 'This inbox is not connected to anything.');
    const reading = senders.standard({ secrets: [secret] }).read(request, new Date());
    if (reading.kind === 'refused') return this.refuse(reading.reason, reading.answer.status);
    if (reading.kind === 'answered') return reading;
    const behaviour = await this.store.nextBehaviour();
    // With a wrong status the message is not taken; when only the answer is lost, it is, and comes twice.
    if (behaviour?.mode !== 'status' || behaviour.status < 300) await this.keep(reading.events);
    return { kind: 'delivery', behaviour };
  }

  private async keep(events: readonly NewEvent[]): Promise<void> {
    for (const { id, type, payload } of events) await this.messages.keep({ id, type, payload });
  }

  private async refuse(reason: string, status: number): Promise<never> {
    if (status !== 401) throw new AppError('malformed', 'malformed_challenge', reason);
    await this.store.countRefusal(reason);
    throw unauthorized('invalid_signature', reason);
  }
}

function unauthorized(code: string, message: string): AppError {
  return new AppError('unauthorized', code, message);
}
