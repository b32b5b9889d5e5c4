import { Get, HttpCode, HttpStatus, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '#libs/access';
import { Reconciliation, type ReconciliationView } from '#libs/deliveries';
import { PageQueryDto } from '#libs/http-api';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import { PlatformGuard } from '../http/platform.guard.js';
import { ReconciliationDto } from './reconciliation.dto.js';

@ApiController('admin/reconciliation', 'admin', PlatformGuard)
export class ReconciliationController {
  constructor(private readonly reconciliation: Reconciliation) {}

  @Get()
  @Operation({
    id: 'getReconciliation',
    summary: 'Whether everything that was accepted is accounted for',
    description: 'As of the last round; reading it counts nothing, however many deliveries there are.',
    role: 'admin',
  })
  @ApiOkResponse({ type: ReconciliationDto })
  read(@Query() query: PageQueryDto): Promise<ReconciliationView> {
    return this.reconciliation.report(membersOf(query));
  }

  @Post('repair')
  @HttpCode(HttpStatus.OK)
  @Operation({
    id: 'repairReconciliation',
    summary: 'Run a round now and put right what can be',
    description:
      'Writes missing deliveries again, however many there are, and makes stuck ones due. Rounds do the same by themselves as long as no more than 1,000 deliveries are missing.',
    role: 'admin',
  })
  @ApiOkResponse({ type: ReconciliationDto })
  async repair(@CurrentPrincipal() by: Principal, @Query() query: PageQueryDto): Promise<ReconciliationView> {
    await this.reconciliation.repairNow(by.keyId);
    return this.reconciliation.report(membersOf(query));
  }
}
