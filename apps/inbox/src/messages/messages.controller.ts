import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQueryDto } from '#libs/http-api';
import type { Page } from '#libs/kernel';
import { type MessageDto, toMessageDto } from './message.dto.js';
import { MessagesService } from './messages.service.js';

/** The place in this list is longer than in others: it holds the sender's id. */
class MessageQueryDto extends PageQueryDto {
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  declare readonly cursor?: string;
}

/** What arrived, as JSON. */
@ApiExcludeController()
@Controller('inbox/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Get()
  async list(@Query() query: MessageQueryDto): Promise<Page<MessageDto>> {
    const { data, nextCursor } = await this.messages.list(query);
    return { data: data.map(toMessageDto), nextCursor };
  }
}
