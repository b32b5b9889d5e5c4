import { Injectable } from '@nestjs/common';
import { decodeCursor, type FieldError } from '#libs/kernel';
import { Assets, type Html, SiteMenu } from '#libs/web-pages';
import { EntriesService } from '../entries/entries.service.js';
import { toEntryDto } from '../entries/entry.dto.js';
import type { EntryText } from '../entries/entry-text.js';
import { guestbookPage } from './guestbook.html.js';

const PAGE_ENTRIES = 20;

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly signed?: string | undefined;
  readonly removed?: string | undefined;
  readonly form?: EntryText;
  readonly errors?: readonly FieldError[];
}

/** The guestbook's page: the form, and the entries that belong under it. */
@Injectable()
export class GuestbookPage {
  constructor(
    private readonly entries: EntriesService,
    private readonly assets: Assets,
    private readonly menu: SiteMenu,
  ) {}

  async render(request: PageRequest): Promise<Html> {
    const before = request.cursor ? decodeCursor(request.cursor) : null;
    const page = await this.entries.list(PAGE_ENTRIES, before);
    return guestbookPage({
      assets: this.assets,
      menu: this.menu.from('/'),
      entries: page.data.map(toEntryDto),
      nextCursor: page.nextCursor,
      isOlder: before !== null,
      ownId: request.signed ?? null,
      wasRemoved: request.removed !== undefined,
      form: request.form ?? { name: '', message: '' },
      errors: request.errors ?? [],
    });
  }
}
