import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AuditLog } from '#libs/audit';
import { ApiController, Operation } from '../http/operation.js';
import { PlatformGuard } from '../http/platform.guard.js';
import { AuditEntryDto, AuditPageDto, AuditQueryDto } from './audit-log.dto.js';

@ApiController('admin/audit-log', 'admin', PlatformGuard)
export class AuditLogController {
  constructor(private readonly log: AuditLog) {}

  @Get()
  @Operation({
    id: 'listAuditLog',
    summary: 'Who changed what, newest first',
    description:
      'Every request that changes something, publishing events apart, and what the platform did by itself. Field names are kept, values never.',
    role: 'admin',
  })
  @ApiOkResponse({ type: AuditPageDto })
  async list(@Query() query: AuditQueryDto): Promise<AuditPageDto> {
    const { data, nextCursor } = await this.log.list(query.filter());
    return { data: data.map((entry) => AuditEntryDto.of(entry)), nextCursor };
  }
}
