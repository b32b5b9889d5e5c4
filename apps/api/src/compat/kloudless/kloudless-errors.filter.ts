import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '#libs/kernel';
import { answerTo } from '#libs/http-api';

const WORDS: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
};

/** Errors in the shape that Kloudless's clients read. */
@Catch(AppError)
export class KloudlessErrors implements ExceptionFilter<AppError> {
  catch(error: AppError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { problem } = answerTo(error);
    // Their clients know no 422.
    const status = problem.status === 422 ? 400 : problem.status;
    const body = { status_code: status, error_code: WORDS[status] ?? problem.code, message: error.message };
    if (status === 401) void reply.header('www-authenticate', 'ApiKey realm="bellhop"');
    void reply.code(status).header('cache-control', 'no-store').send(body);
  }
}
