import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { Assets, type Html, type PageProblem, SiteMenu } from '#libs/web-pages';
import { ALL_TYPES, notificationsPage, type NotificationsView } from './notifications.html.js';
import {
  type ChangeResult,
  PlatformRefusal,
  SubscriptionsClient,
  type SubscriptionView,
} from './subscriptions.client.js';

type PageRequest = Partial<Pick<NotificationsView, 'form' | 'problem' | 'created' | 'notice'>>;

/** The page of subscribers, with whatever the API says right now. */
@Injectable()
export class NotificationsPage {
  constructor(
    private readonly subscriptions: SubscriptionsClient,
    private readonly assets: Assets,
    private readonly menu: SiteMenu,
  ) {}

  async render(request: PageRequest): Promise<Html> {
    const { isConfigured } = this.subscriptions;
    const { subscriptions, problem } = isConfigured
      ? await this.read()
      : { subscriptions: null, problem: null };
    return notificationsPage({
      assets: this.assets,
      menu: this.menu.from('/webhooks'),
      isConfigured,
      subscriptions,
      form: request.form ?? { url: '', eventTypes: [ALL_TYPES], secret: '' },
      problem: request.problem ?? problem,
      created: request.created ?? null,
      notice: request.notice ?? null,
    });
  }

  /** An API that cannot be reached is a thing to show on the page, not a broken page. */
  async attempt(change: () => Promise<ChangeResult>): Promise<ChangeResult> {
    try {
      return await change();
    } catch (error) {
      return { isDone: false, problem: asProblem(error) };
    }
  }

  private async read(): Promise<{
    subscriptions: SubscriptionView[] | null;
    problem: PageProblem | null;
  }> {
    try {
      return { subscriptions: await this.subscriptions.list(), problem: null };
    } catch (error) {
      return { subscriptions: null, problem: asProblem(error) };
    }
  }
}

function asProblem(error: unknown): PageProblem {
  if (error instanceof PlatformRefusal) return error.problem;
  if (error instanceof AppError) return { detail: error.message, errors: [], steps: [] };
  throw error;
}
