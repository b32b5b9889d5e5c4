import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OutboxRow } from './outbox-row.js';
import { Publisher } from './publisher.js';

/** What a test can ask about an event that was published. */
export interface RecordedEvent extends Omit<OutboxRow, 'data'> {
  readonly data: unknown;
}

/** A Publisher for tests of an application: checks events as the real one does, keeps them, needs no database. */
@Injectable()
export class RecordingPublisher extends Publisher {
  readonly published: RecordedEvent[] = [];

  constructor() {
    super('guestbook');
  }

  protected override write(_tx: EntityManager, rows: readonly OutboxRow[]): Promise<void> {
    this.published.push(...rows.map((row) => ({ ...row, data: JSON.parse(row.data.toString()) as unknown })));
    return Promise.resolve();
  }
}
