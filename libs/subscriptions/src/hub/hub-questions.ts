import { Injectable, Logger } from '@nestjs/common';
import { AppError, ID_PREFIX, toTypeId } from '#libs/kernel';
import { type ChallengeInput, ChallengeService } from '../challenge/challenge.service.js';
import type { Subscription } from '../entities/subscription.entity.js';
import { BackgroundTasks } from './background-tasks.js';

/** As much of a subscription, made or not, as its subscriber is asked with. */
export type HubSubject = Pick<
  Subscription,
  'id' | 'tenantId' | 'url' | 'registeredUrl' | 'profileConfig' | 'headers' | 'timeoutMs'
>;

/** What a subscriber is asked: whether it wants a topic, or wants it no more. */
export interface HubQuestion {
  readonly mode: 'subscribe' | 'unsubscribe';
  /** The topic as the subscriber spelt it. */
  readonly topic: string;
}

/** What a hub says to subscribers after it has answered them. */
@Injectable()
export class HubQuestions {
  private readonly logger = new Logger(HubQuestions.name);

  constructor(
    private readonly challenges: ChallengeService,
    private readonly background: BackgroundTasks,
  ) {}

  /** Resolves once it is sure that the question will be put; `consented` follows a yes, and nothing follows a no. */
  async ask(
    subject: HubSubject,
    { mode, topic }: HubQuestion,
    consented: () => Promise<void>,
  ): Promise<void> {
    this.background.refuseWhenFull();
    const purpose = mode === 'subscribe' ? ('consent' as const) : mode;
    const put = await this.challenges.open({ ...inputOf(subject), purpose, terms: { mode, topic } });
    this.background.start(async () => {
      if (await this.isYes(subject, put)) await consented();
    });
  }

  /** Tells a subscriber that it gets nothing; throws as `ask` does, as this is a request to a stranger too. */
  async refuse(subject: HubSubject, topic: string, reason: string): Promise<void> {
    this.background.refuseWhenFull();
    const terms = { mode: 'denied', topic, reason };
    const tell = await this.challenges.open({ ...inputOf(subject), purpose: 'denial', terms });
    this.background.start(async () => void (await this.isYes(subject, tell)));
  }

  /** Tells those who had a subscription that it is over. */
  tellEnd(subjects: readonly HubSubject[], reason: string): void {
    for (const subject of subjects) {
      this.background.start(async () => {
        const input = { ...inputOf(subject), purpose: 'denial' as const, isKnown: true };
        const tell = await this.challenges.open({ ...input, terms: { mode: 'denied', reason } });
        await this.isYes(subject, tell);
      });
    }
  }

  private async isYes({ id }: HubSubject, put: () => Promise<unknown>): Promise<boolean> {
    try {
      await put();
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.logger.debug(
        `The subscriber of ${toTypeId(ID_PREFIX.subscription, id)} said no: ${error.message}`,
      );
      return false;
    }
  }
}

function inputOf({ id, tenantId, ...rest }: HubSubject): ChallengeInput {
  return {
    ...rest,
    subscriptionId: id,
    caller: { tenantId, keyId: null, isOperator: false },
    profile: 'websub',
    handshake: 'websub',
    keys: [],
  };
}
