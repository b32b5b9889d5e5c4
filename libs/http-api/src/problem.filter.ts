import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerTo, problemOf, type ProblemAnswer } from './problem.js';
import { RouteTable } from './route-table.js';

/** The only place where an error becomes an HTTP answer; what is our own fault is logged here, once. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const answer = this.withAllowedMethods(answerTo(error), request, reply);
    if (answer.isOurFault) this.report(error, request);
    if (reply.sent || reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, answer, request.id);
  }

  /** A known address with a wrong method is told apart from an unknown one. */
  private withAllowedMethods(
    answer: ProblemAnswer,
    request: FastifyRequest,
    reply: FastifyReply,
  ): ProblemAnswer {
    if (answer.problem.code !== 'not_found' || !request.is404) return answer;
    const allowed = this.routes.methodsAt(request.url);
    if (allowed.length === 0) return answer;
    void reply.header('allow', allowed.join(', '));
    const detail = `Use ${allowed.join(' or ')} at this address.`;
    return { ...answer, problem: problemOf(405, 'method_not_allowed', detail) };
  }

  private report(error: unknown, request: FastifyRequest): void {
    const path = request.url.split('?', 1)[0]?.slice(0, 256);
    const fault =
      error instanceof Error ? error : new Error(`Something was thrown that is no error: ${String(error)}`);
    this.logger.error({ requestId: request.id, method: request.method, path }, fault);
  }
}

/** Writes the document and the headers that belong to it. */
export function sendProblem(
  reply: FastifyReply,
  { problem, retryAfterSeconds }: ProblemAnswer,
  requestId: string,
): void {
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="bellhop"');
  void reply.header('cache-control', 'no-store').header('x-request-id', requestId);
  void reply.code(problem.status).type('application/problem+json; charset=utf-8');
  void reply.send(JSON.stringify({ ...problem, requestId }));
}
