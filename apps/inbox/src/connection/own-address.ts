import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AppConfig } from '#libs/config';

export const RECEIVE_PATH = '/inbox/receive';
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Where senders find this inbox. */
@Injectable()
export class OwnAddress {
  constructor(
    private readonly config: AppConfig,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  get receiveUrl(): string {
    return `${this.config.http.publicUrl ?? this.listeningUrl}${RECEIVE_PATH}`;
  }

  /** The port may have been chosen by the system, so the server is asked, not the settings. */
  private get listeningUrl(): string {
    const server = this.adapterHost.httpAdapter.getHttpServer() as { address(): AddressInfo | string | null };
    const bound = server.address();
    if (bound === null || typeof bound === 'string') return `http://localhost:${this.config.http.port}`;
    const host = ANY_ADDRESS.has(bound.address) ? '127.0.0.1' : bound.address;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
  }
}
