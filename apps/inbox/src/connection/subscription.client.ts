import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import type { PlatformAnswer } from '#libs/outbound-http';
import { PlatformLink } from '#libs/web-pages';

/** A subscription as the platform's API shows it; only what the inbox needs. */
export interface SubscriptionBody {
  readonly id: string;
  readonly url: string;
  readonly status: string;
  readonly statusReason?: string | null;
}

export interface NewSubscription {
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly secret: string;
  readonly description: string;
}

interface ProblemBody {
  readonly code?: string;
  readonly detail?: string;
  readonly handshake?: unknown;
  readonly errors?: readonly { field: string; message: string }[];
}

/** The platform's API for subscriptions, as any subscriber uses it. What it refuses is thrown, in its own words. */
@Injectable()
export class SubscriptionClient {
  constructor(private readonly platform: PlatformLink) {}

  get isConfigured(): boolean {
    return this.platform.isConfigured;
  }

  /** Resolves when the URL has passed the challenge. */
  async create(wanted: NewSubscription): Promise<SubscriptionBody> {
    return accepted(await this.platform.request('POST', '/v1/subscriptions', wanted));
  }

  /** Null if there is none of this id. */
  async get(id: string): Promise<SubscriptionBody | null> {
    const answer = await this.platform.request<SubscriptionBody & ProblemBody>('GET', pathOf(id));
    return answer.status === 404 ? null : accepted(answer);
  }

  async list(): Promise<readonly SubscriptionBody[]> {
    const path = '/v1/subscriptions?limit=250';
    return accepted<{ data: readonly SubscriptionBody[] }>(await this.platform.request('GET', path)).data;
  }

  /** Changes where it leads; the platform challenges the new URL first, and leaves all as it was if that fails. */
  async move(id: string, url: string): Promise<void> {
    accepted(await this.platform.request<ProblemBody>('PATCH', pathOf(id), { url }));
  }

  /** One that is gone already is as good. */
  async remove(id: string): Promise<void> {
    const answer = await this.platform.request<ProblemBody>('DELETE', pathOf(id));
    if (answer.status !== 404) accepted(answer);
  }
}

function pathOf(id: string): string {
  return `/v1/subscriptions/${encodeURIComponent(id)}`;
}

function accepted<T>({ status, body }: PlatformAnswer<T & ProblemBody>): T {
  if (status < 300) return body;
  throw refusal(status, body);
}

/** Passes on what the platform said, with the steps of a failed challenge. */
function refusal(status: number, body: ProblemBody | null): AppError {
  const detail = body?.detail ?? `The platform answered with status ${status}.`;
  const extensions = body?.handshake === undefined ? {} : { handshake: body.handshake };
  return new AppError('invalid', body?.code ?? 'platform_refused', detail, {
    errors: body?.errors ?? [],
    extensions,
  });
}
