import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { html, type Html } from './html.js';

const PAGES = [
  ['/', 'Guestbook'],
  ['/webhooks', 'Webhooks'],
  ['/inbox', 'Inbox'],
  ['/docs', 'API'],
] as const;

/** Leads to the pages of this process: those of an app that runs elsewhere have an address that nobody told us. */
@Injectable()
export class SiteMenu {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Seen from the page at this path; nothing where there is no other. */
  from(current: string): Html {
    const pages = PAGES.filter(([path]) => this.isServed(path));
    if (pages.length < 2) return html``;
    return html`<nav aria-label="Pages">
      ${pages.map(([path, text]) => menuLink(path, text, path === current))}
    </nav>`;
  }

  private isServed(url: string): boolean {
    return this.adapterHost.httpAdapter.getInstance<FastifyInstance>().hasRoute({ method: 'GET', url });
  }
}

function menuLink(path: string, text: string, isCurrent: boolean): Html {
  return html`<a href="${path}" ${isCurrent && html`aria-current="page"`}>${text}</a>`;
}
