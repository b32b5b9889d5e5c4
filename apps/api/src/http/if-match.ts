import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** A version that nothing has. */
const NO_VERSION = -1;
const STRONG_TAG = /^"(\d{1,9})"$/;

/** The tag of a version of something. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/** The version in an `If-Match`; undefined without one or for `*`. A tag that is none of ours matches nothing. */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const [, version] = STRONG_TAG.exec(ifMatch.trim()) ?? [];
  return version === undefined ? NO_VERSION : Number(version);
}

/** The version that the caller has seen, by its `If-Match`. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined =>
  versionOf(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);
