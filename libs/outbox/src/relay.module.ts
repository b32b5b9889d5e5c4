import { Module } from '@nestjs/common';
import { OutboxRelay, RelayOptions } from './outbox.relay.js';

/** Provides the relay; the process that imports it decides when to start and stop it. */
@Module({ providers: [RelayOptions, OutboxRelay], exports: [OutboxRelay] })
export class RelayModule {}
