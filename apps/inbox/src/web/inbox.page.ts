import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { Assets, type ChallengeStepView, type Html, type PageProblem, SiteMenu } from '#libs/web-pages';
import { ConnectionStore } from '../connection/connection.store.js';
import { Connector } from '../connection/connector.js';
import { MessagesService } from '../messages/messages.service.js';
import { inboxPage } from './inbox.html.js';
import { messagesSection, type MessagesView } from './messages.html.js';

const PAGE_MESSAGES = 50;

/** The inbox's page, whole or only the part that stays live. */
@Injectable()
export class InboxPage {
  constructor(
    private readonly messages: MessagesService,
    private readonly store: ConnectionStore,
    private readonly connector: Connector,
    private readonly assets: Assets,
    private readonly menu: SiteMenu,
  ) {}

  async whole(cursor?: string, fault: AppError | null = null): Promise<Html> {
    const view = await this.view(cursor);
    const { subscriptionId } = view.connection;
    return inboxPage({
      ...view,
      assets: this.assets,
      menu: this.menu.from('/inbox'),
      receiveUrl: this.connector.receiveUrl,
      isConnectable: this.connector.isPossible,
      state: subscriptionId === null ? null : await this.connector.state(subscriptionId),
      problem: fault === null ? null : problemOf(fault),
    });
  }

  async livePart(): Promise<Html> {
    return messagesSection(await this.view(undefined));
  }

  private async view(cursor: string | undefined): Promise<MessagesView> {
    const [connection, page, counts] = await Promise.all([
      this.store.read(),
      this.messages.list({ limit: PAGE_MESSAGES, cursor }),
      this.messages.counts(),
    ]);
    return { connection, page, counts };
  }
}

function problemOf({ message, errors, extensions }: AppError): PageProblem {
  const handshake = extensions['handshake'] as { steps?: readonly ChallengeStepView[] } | undefined;
  return { detail: message, errors, steps: handshake?.steps ?? [] };
}
