import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerTo } from '#libs/http-api';
import { AppError } from '#libs/kernel';

/** Errors as subscribers of WebSub read them: the status, and the reason as plain text. */
@Catch(AppError)
export class HubErrors implements ExceptionFilter<AppError> {
  catch(error: AppError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { problem, retryAfterSeconds } = answerTo(error);
    if (retryAfterSeconds !== undefined)
      void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
    void reply.code(problem.status).header('cache-control', 'no-store').type('text/plain; charset=utf-8');
    void reply.send(`${error.message}\n`);
  }
}
