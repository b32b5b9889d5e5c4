import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Connector } from './connector.js';

/** The platform, or a proxy in front of us, may start a little later than we do. */
const PAUSES_MS = [0, 2_000, 8_000, 30_000];

/** After a start under another address deliveries would go to the old one; this moves the subscription along. */
@Injectable()
export class AddressFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AddressFollower.name);
  private readonly stopping = new AbortController();
  private following: Promise<void> | null = null;

  constructor(
    private readonly connector: Connector,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** The address is known, and the challenge can arrive, once the server listens. */
  onApplicationBootstrap(): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => {
      this.following = this.follow();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  private async follow(): Promise<void> {
    if (!this.connector.isPossible) return;
    for (const ms of PAUSES_MS) {
      await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted || (await this.isHere())) return;
    }
  }

  private async isHere(): Promise<boolean> {
    try {
      await this.connector.moveHere();
      return true;
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.logger.warn(`The subscription may not lead here yet: ${cause}`);
      return false;
    }
  }
}
