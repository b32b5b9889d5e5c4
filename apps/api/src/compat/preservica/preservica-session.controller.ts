import { Body, Controller, Get, Header, HttpCode, HttpStatus, Ip, Post, UseGuards } from '@nestjs/common';
import { ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, includesRole, type Principal } from '#libs/access';
import { TOKEN_SECONDS } from './access-tokens.js';
import { type LoggedIn, Logins } from './logins.js';
import { AccessTokenDto, ExternalLoginDto, LoginDto, UserDetailsDto } from './preservica.dto.js';
import { PreservicaGuard } from './preservica.guard.js';

const FORM = 'application/x-www-form-urlencoded';
/** Clients want three numbers; nothing depends on them. */
const VERSION = '<VersionDetails><CurrentVersion>7.0.0</CurrentVersion></VersionDetails>';

/** What a Preservica client asks before it subscribes. */
@Controller('api')
@ApiTags('preservica')
export class PreservicaSessionController {
  constructor(private readonly logins: Logins) {}

  @Post('accesstoken/login')
  @HttpCode(HttpStatus.OK)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'preservicaLogin',
    summary: 'Log in with the name of a tenant and an API key',
    security: [],
  })
  @ApiConsumes(FORM)
  @ApiOkResponse({ type: AccessTokenDto })
  async login(
    @Body() { username, password, tenant = '' }: LoginDto,
    @Ip() from: string,
  ): Promise<AccessTokenDto> {
    return answerOf(await this.logins.byKey({ username, password, tenant, from }));
  }

  @Post('accesstoken/acquire-external')
  @HttpCode(HttpStatus.OK)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'preservicaAcquireExternal',
    summary: 'Log in with a hash made with the shared secret of a tenant',
    security: [],
  })
  @ApiConsumes(FORM)
  @ApiOkResponse({ type: AccessTokenDto })
  async acquire(
    @Body() { tenant = '', ...login }: ExternalLoginDto,
    @Ip() from: string,
  ): Promise<AccessTokenDto> {
    const { username, timestamp, hash } = login;
    return answerOf(await this.logins.bySecret({ username, timestamp, hash, tenant, from }));
  }

  @Get('entity/versiondetails/version')
  @UseGuards(PreservicaGuard)
  @Header('content-type', 'application/xml; charset=utf-8')
  @ApiSecurity('preservicaToken')
  @ApiOperation({ operationId: 'preservicaVersion', summary: 'The version that clients look at' })
  @ApiProduces('application/xml')
  @ApiOkResponse({ type: String })
  version(): string {
    return VERSION;
  }

  @Get('user/details')
  @UseGuards(PreservicaGuard)
  @ApiSecurity('preservicaToken')
  @ApiOperation({ operationId: 'preservicaUser', summary: 'What the user may do' })
  @ApiOkResponse({ type: UserDetailsDto })
  details(@CurrentPrincipal() { role }: Principal): UserDetailsDto {
    const roles = includesRole(role, 'manager') ? ['ROLE_SDB_MANAGER_USER'] : ['ROLE_SDB_USER'];
    return { roles };
  }
}

function answerOf({ token, tenant }: LoggedIn): AccessTokenDto {
  return { success: true, token, tenant, validFor: TOKEN_SECONDS / 60 };
}
