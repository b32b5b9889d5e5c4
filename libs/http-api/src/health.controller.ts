import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readiness, type ReadinessReport } from './readiness.js';

class LiveDto {
  @ApiProperty({ enum: ['live'] })
  readonly status!: 'live';
}

class ReadyDto implements ReadinessReport {
  @ApiProperty({
    enum: ['ready', 'not_ready', 'draining'],
    description: '`draining`: the process is about to stop.',
  })
  readonly status!: ReadinessReport['status'];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['up', 'down'] },
    example: { database: 'up', broker: 'up' },
  })
  readonly dependencies!: ReadinessReport['dependencies'];
}

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'isLive', summary: 'Whether the process answers at all', security: [] })
  @ApiOkResponse({ type: LiveDto })
  live(): LiveDto {
    return { status: 'live' };
  }

  @Get('ready')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'isReady',
    summary: 'Whether the process should be given requests',
    security: [],
  })
  @ApiOkResponse({ type: ReadyDto })
  @ApiServiceUnavailableResponse({
    type: ReadyDto,
    description: 'A dependency that the process needs is away, or the process is stopping.',
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto> {
    const report = await this.readiness.report();
    void reply.code(report.status === 'ready' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return report;
  }
}
