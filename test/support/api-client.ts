import { expect } from 'vitest';

export interface ApiAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface SubscriptionView {
  readonly id: string;
  readonly url: string;
  readonly status: string;
  readonly secret?: string;
}

export interface AttemptView {
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly responseStatus: number | null;
  readonly errorType: string | null;
  readonly outcome: string;
}

export interface DeliveryView {
  readonly id: string;
  readonly status: string;
  readonly subscriptionId: string;
  readonly eventId: string;
  readonly nextAttemptAt: string | null;
  readonly attempts?: readonly AttemptView[];
}

export interface ProblemView {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
}

/** The API as a user's program calls it; tests read the wire, not our classes. */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async call<Body>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer<Body>> {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : null) as Body,
    };
  }

  async eventType(name: string): Promise<void> {
    const answer = await this.call('POST', '/v1/event-types', { body: { name, description: 'for a test' } });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  }

  async subscribe(fields: object): Promise<SubscriptionView> {
    const answer = await this.call<SubscriptionView>('POST', '/v1/subscriptions', { body: fields });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body;
  }

  /** Gives the event's id; only a 202 counts. */
  async publish(type: string, data: unknown, headers: Record<string, string> = {}): Promise<string> {
    const answer = await this.call<{ id: string }>('POST', '/v1/events', { body: { type, data }, headers });
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    return answer.body.id;
  }

  async deliveries(query: string): Promise<readonly DeliveryView[]> {
    const answer = await this.call<{ data: DeliveryView[] }>('GET', `/v1/deliveries?${query}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.data;
  }

  async delivery(id: string): Promise<DeliveryView> {
    return (await this.call<DeliveryView>('GET', `/v1/deliveries/${id}`)).body;
  }
}
