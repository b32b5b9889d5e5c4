import { Delete, Header, HttpCode, HttpStatus, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { CurrentPrincipal, CurrentTenant, type Principal } from '#libs/access';
import { SharedSecrets } from '#libs/subscriptions';
import { ApiController, Operation } from '../../http/operation.js';

export class SharedSecretDto {
  @ApiProperty({ description: 'Shown this one time.' })
  readonly secret!: string;
}

/** The secret of `acquire-external`. */
@ApiController('shared-secret', 'preservica')
export class SharedSecretController {
  constructor(private readonly secrets: SharedSecrets) {}

  @Put()
  @Header('cache-control', 'no-store')
  @Operation({
    id: 'renewSharedSecret',
    summary: 'Make the shared secret of the tenant',
    description: 'It ends the one before. Whoever proves to know it has the rights of the key that made it.',
    role: 'manager',
  })
  @ApiOkResponse({ type: SharedSecretDto })
  async renew(
    @CurrentTenant() tenantId: string,
    @CurrentPrincipal() { keyId }: Principal,
  ): Promise<SharedSecretDto> {
    return { secret: await this.secrets.renew(tenantId, keyId) };
  }

  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation({ id: 'removeSharedSecret', summary: 'Remove the shared secret of the tenant', role: 'manager' })
  @ApiNoContentResponse()
  remove(@CurrentTenant() tenantId: string): Promise<void> {
    return this.secrets.remove(tenantId);
  }
}
