import { Injectable } from '@nestjs/common';
import type { FieldError } from '#libs/kernel';
import { type ChallengeStepView, type PageProblem, PlatformLink } from '#libs/web-pages';

/** A subscription as the platform's API shows it; only what the page needs. */
export interface SubscriptionView {
  readonly id: string;
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly status: string;
  readonly statusReason?: string | null;
  /** Status of its latest delivery, null if there was none yet. */
  readonly lastDelivery: string | null;
}

export interface NewSubscription {
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly secret: string;
}

/** What the API said to a change: its document, or why not. */
export type ChangeResult =
  | { readonly isDone: true; readonly secret: string | null }
  | { readonly isDone: false; readonly problem: PageProblem };

interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly handshake?: { readonly steps?: readonly ChallengeStepView[] };
}

interface ListBody<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

const PAGE = 100;
const MAX_PAGES = 10;
/** Each costs a request; beyond these the page does without. */
const MAX_WITH_LAST_DELIVERY = 20;

/** The subscriptions to the guestbook's events, by way of the platform's API like anybody else. */
@Injectable()
export class SubscriptionsClient {
  constructor(private readonly platform: PlatformLink) {}

  get isConfigured(): boolean {
    return this.platform.isConfigured;
  }

  async list(): Promise<SubscriptionView[]> {
    const all = (await this.everyPage()).filter(wantsGuestbook);
    return Promise.all(
      all.map(async (one, index) => ({
        ...one,
        lastDelivery: index < MAX_WITH_LAST_DELIVERY ? await this.lastDelivery(one.id) : null,
      })),
    );
  }

  async add({ url, eventTypes, secret }: NewSubscription): Promise<ChangeResult> {
    const body = { url, eventTypes, ...(secret !== '' && { secret }) };
    const answer = await this.platform.request<ProblemBody & { secret?: string }>(
      'POST',
      '/v1/subscriptions',
      body,
    );
    if (answer.status === 201) return { isDone: true, secret: answer.body.secret ?? null };
    return { isDone: false, problem: problemOf(answer.status, answer.body) };
  }

  async remove(id: string): Promise<ChangeResult> {
    return this.change('DELETE', pathOf(id));
  }

  async test(id: string): Promise<ChangeResult> {
    return this.change('POST', `${pathOf(id)}/test`);
  }

  private async change(method: 'POST' | 'DELETE', path: string): Promise<ChangeResult> {
    const { status, body } = await this.platform.request<ProblemBody | null>(
      method,
      path,
      method === 'POST' ? {} : undefined,
    );
    if (status < 300) return { isDone: true, secret: null };
    return { isDone: false, problem: problemOf(status, body) };
  }

  private async everyPage(): Promise<SubscriptionView[]> {
    const found: SubscriptionView[] = [];
    let cursor: string | null = '';
    for (let page = 0; page < MAX_PAGES && cursor !== null; page += 1) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const body: ListBody<SubscriptionView> = await this.get(`/v1/subscriptions?limit=${PAGE}${query}`);
      found.push(...body.data);
      cursor = body.nextCursor;
    }
    return found;
  }

  private async lastDelivery(id: string): Promise<string | null> {
    const query = `subscriptionId=${encodeURIComponent(id)}&limit=1`;
    const { status, body } = await this.platform.request<ListBody<{ status: string }>>(
      'GET',
      `/v1/deliveries?${query}`,
    );
    return status === 200 ? (body.data[0]?.status ?? null) : null;
  }

  private async get<T>(path: string): Promise<ListBody<T>> {
    const { status, body } = await this.platform.request<ListBody<T> & ProblemBody>('GET', path);
    if (status === 200) return body;
    throw new PlatformRefusal(problemOf(status, body));
  }
}

/** The API answered, but not with what the page needs: most often the key is wrong. */
export class PlatformRefusal extends Error {
  constructor(readonly problem: PageProblem) {
    super(problem.detail);
  }
}

function wantsGuestbook({ eventTypes }: SubscriptionView): boolean {
  return eventTypes.some((type) => type === '*' || type.startsWith('guestbook.'));
}

function pathOf(id: string): string {
  return `/v1/subscriptions/${encodeURIComponent(id)}`;
}

function problemOf(status: number, body: ProblemBody | null): PageProblem {
  return {
    detail: body?.detail ?? body?.title ?? `The API answered with status ${status}.`,
    errors: body?.errors ?? [],
    steps: body?.handshake?.steps ?? [],
  };
}
