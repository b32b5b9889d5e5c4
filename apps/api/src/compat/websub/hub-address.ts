import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppConfig } from '#libs/config';
import type { Topic } from '#libs/subscriptions';

const TOPICS = '/topics/';
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

type AddressedRequest = Pick<FastifyRequest, 'protocol' | 'host'>;

/** The public addresses of one topic. */
export interface TopicAddress {
  readonly url: string;
  readonly hubUrl: string;
  /** As the header `Link`: where the topic is, and which hub distributes it. */
  readonly link: string;
}

/** Where the hub and its topics are found: at PUBLIC_URL, or else where the request found us. */
@Injectable()
export class HubAddress {
  constructor(private readonly config: AppConfig) {}

  of({ token }: Pick<Topic, 'token'>, request: AddressedRequest): TopicAddress {
    const origin = this.originOf(request);
    const [url, hubUrl] = [`${origin}${TOPICS}${token}`, `${origin}/hub`];
    return { url, hubUrl, link: `<${hubUrl}>; rel="hub", <${url}>; rel="self"` };
  }

  /** The token in a topic's URL; null for one that is no topic of this hub. */
  tokenIn(text: string, request: AddressedRequest): string | null {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || url.origin !== this.originOf(request) || !url.pathname.startsWith(TOPICS))
      return null;
    const token = url.pathname.slice(TOPICS.length);
    const isBare = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    return isBare && TOKEN.test(token) ? token : null;
  }

  private originOf({ protocol, host }: AddressedRequest): string {
    const { publicUrl } = this.config.http;
    const text = publicUrl ?? `${protocol}://${host}`;
    return URL.canParse(text) ? new URL(text).origin : text;
  }
}
