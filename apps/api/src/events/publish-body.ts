import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Principal, TenantsService } from '#libs/access';
import type { PublishRequest } from '#libs/deliveries';
import { AppError, fromTypeId, ID_PREFIX } from '#libs/kernel';

interface PublisherRequest extends PublishRequest {
  readonly principal: Principal | undefined;
}
type RawRequest = FastifyRequest & { rawBody?: Buffer; principal?: Principal; tenantId?: string };

const NOTHING = Buffer.alloc(0);

/** The request of a publisher with the exact bytes of its body; nothing here copies or checks them. */
export const PublishBody = createParamDecorator((_: unknown, context: ExecutionContext): PublisherRequest => {
  const request = context.switchToHttp().getRequest<RawRequest>();
  const { principal, tenantId = '', rawBody = NOTHING, body } = request;
  const idempotencyKey = request.headers['idempotency-key']?.toString();
  return { principal, tenantId, rawBody, body, idempotencyKey };
});

/** A platform's key may name the tenant in the body; to any other key a foreign tenant does not exist. */
@Injectable()
export class PublisherTenantPipe implements PipeTransform<PublisherRequest, Promise<PublishRequest>> {
  constructor(private readonly tenants: TenantsService) {}

  async transform({ principal, ...request }: PublisherRequest): Promise<PublishRequest> {
    const wanted = wantedTenant(request.body);
    if (wanted === undefined) return request;
    const tenantId = typeof wanted === 'string' ? fromTypeId(ID_PREFIX.tenant, wanted) : null;
    const own = principal?.tenantId ?? null;
    if (tenantId === null || (own !== null && own !== tenantId)) throw tenantNotFound();
    await this.tenants.expect(tenantId);
    return { ...request, tenantId };
  }
}

function wantedTenant(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'tenantId' in body ? body.tenantId : undefined;
}

function tenantNotFound(): AppError {
  const message = 'There is no such tenant; leave tenantId out to publish as your own.';
  return new AppError('not_found', 'tenant_not_found', message, { errors: [{ field: 'tenantId', message }] });
}
