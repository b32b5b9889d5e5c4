import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  type MessageEvent,
  Param,
  Post,
  Query,
  Res,
  Sse,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { PageQueryDto, validationFailed } from '#libs/http-api';
import { decodeCursor, type Page } from '#libs/kernel';
import { isForm, seeOther, sendPage } from '#libs/web-pages';
import { GuestbookPage } from '../web/guestbook.page.js';
import { EntriesService, entryNotFound } from './entries.service.js';
import { type EntryDto, toEntryDto } from './entry.dto.js';
import { EntryFeed } from './entry.feed.js';
import { type CheckedEntry, checkEntry } from './entry-text.js';

/** Entries for programs as JSON, and for the page's forms with a page as the answer. */
@ApiExcludeController()
@Controller('entries')
export class EntriesController {
  constructor(
    private readonly entries: EntriesService,
    private readonly page: GuestbookPage,
    private readonly feed: EntryFeed,
  ) {}

  @Post()
  async sign(
    @Body() body: unknown,
    @Headers('content-type') type: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const checked = checkEntry(body);
    if (isForm(type)) return this.signByForm(checked, reply);
    if (checked.errors.length > 0) throw validationFailed(checked.errors);
    const entry = toEntryDto(await this.entries.sign(checked.text));
    await reply.code(201).header('location', `/#${entry.id}`).send(entry);
  }

  @Get()
  async list(@Query() { limit, cursor }: PageQueryDto): Promise<Page<EntryDto>> {
    const page = await this.entries.list(limit, cursor === undefined ? null : decodeCursor(cursor));
    return { data: page.data.map(toEntryDto), nextCursor: page.nextCursor };
  }

  /** Server-sent events `entry.created`, `entry.deleted` and `refresh` (something may have been missed). */
  @Sse('stream')
  stream(
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query('since') since: string | undefined,
  ): Observable<MessageEvent> {
    return this.feed.stream(lastEventId || since);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    if (!(await this.entries.remove(id))) throw entryNotFound();
  }

  /** A form knows no DELETE. An entry that is gone already is what was asked for. */
  @Post(':id/delete')
  async removeByForm(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.entries.remove(id);
    await seeOther(reply, '/?removed=1');
  }

  private async signByForm({ text, errors }: CheckedEntry, reply: FastifyReply): Promise<void> {
    if (errors.length > 0) return sendPage(reply, await this.page.render({ form: text, errors }), 422);
    const { id } = toEntryDto(await this.entries.sign(text));
    await seeOther(reply, `/?signed=${id}#${id}`);
  }
}
