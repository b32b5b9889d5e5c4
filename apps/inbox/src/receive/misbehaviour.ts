import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Behaviour } from '../connection/behaviour.js';

/** Answers as badly as it is told to. */
@Injectable()
export class Misbehaviour implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly hanging = new Set<FastifyReply>();

  async answer(behaviour: Behaviour | null, reply: FastifyReply): Promise<void> {
    if (behaviour?.mode === 'hang') return this.hang(reply);
    if (behaviour?.mode === 'reset') return reset(reply);
    if (behaviour?.mode === 'delay') await this.delay(behaviour.delayMs);
    if (behaviour?.mode !== 'status') return void (await reply.code(204).send());
    const { status, retryAfterSeconds } = behaviour;
    if (retryAfterSeconds !== null) reply.header('retry-after', String(retryAfterSeconds));
    if (status >= 300 && status < 400) reply.header('location', '/inbox');
    await reply.code(status).type('text/plain').send('The inbox was told to answer so.\n');
  }

  /** Requests that wait on purpose must not hold up the stop. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
    for (const reply of this.hanging) reply.raw.destroy();
  }

  private hang(reply: FastifyReply): void {
    reply.hijack();
    this.hanging.add(reply);
    reply.raw.once('close', () => this.hanging.delete(reply));
  }

  private async delay(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

/** A TCP reset, not a proper end: the sender learns nothing about what happened to its request. */
function reset(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}
