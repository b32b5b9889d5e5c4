import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppConfig } from '#libs/config';
import { AppError } from '#libs/kernel';
import { isCrossSite } from './same-origin.js';

/** Refuses changes that another site's page makes a browser send. Pages need it, as a form carries no key. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(private readonly config: AppConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const { host, origin } = headers;
    const secFetchSite = headers['sec-fetch-site'];
    const request = { method, host, origin, secFetchSite: secFetchSite?.toString() };
    if (!isCrossSite(request, this.config.http.publicUrl)) return true;
    throw new AppError('forbidden', 'cross_site_request', 'Another site may not send this for you.');
  }
}
