import { Injectable, Logger } from '@nestjs/common';
import { SingleFlight } from '#libs/kernel';
import { PlatformLink } from '#libs/web-pages';

/** How old what is known of the platform's topics may be. */
const FRESH_MS = 10_000;
const TOPICS = '/v1/topics?limit=250';

interface TopicView {
  readonly url: string;
  readonly hub: string;
  readonly eventTypes: readonly string[];
  readonly filter: object | null;
}

/** The WebSub topic of the guestbook, if one has been made: by the page's `Link` header subscribers find it. */
@Injectable()
export class TopicLink {
  private readonly logger = new Logger(TopicLink.name);
  private readonly asking = new SingleFlight(() => this.ask());
  private header: string | null = null;
  private askedAt = -Infinity;

  constructor(private readonly platform: PlatformLink) {}

  /** What was known at the last look: no page waits for the platform. Null: there is no topic, or none known yet. */
  current(): string | null {
    const isStale = performance.now() - this.askedAt > FRESH_MS;
    if (isStale && this.platform.isConfigured) void this.asking.run();
    return this.header;
  }

  private async ask(): Promise<void> {
    this.askedAt = performance.now();
    try {
      const { status, body } = await this.platform.request<{ data: readonly TopicView[] }>('GET', TOPICS);
      const topic = status === 200 ? body.data.find(isOfGuestbook) : undefined;
      this.header = topic === undefined ? null : `<${topic.hub}>; rel="hub", <${topic.url}>; rel="self"`;
    } catch (error) {
      this.logger.debug(`The topics cannot be read now: ${String(error)}`);
    }
  }
}

/** All of the guestbook's events of its types, and nothing else. */
function isOfGuestbook({ eventTypes, filter }: TopicView): boolean {
  return filter === null && eventTypes.every((type) => type.startsWith('guestbook.'));
}
