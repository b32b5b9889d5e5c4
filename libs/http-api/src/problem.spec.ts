import { ForbiddenException, NotFoundException } from '@nestjs/common';
import { expect, test } from 'vitest';
import { AppError, type ErrorKind } from '#libs/kernel';
import { answerTo } from './problem.js';

const STATUS: readonly (readonly [ErrorKind, number])[] = [
  ['malformed', 400],
  ['unauthorized', 401],
  ['forbidden', 403],
  ['not_found', 404],
  ['conflict', 409],
  ['precondition_failed', 412],
  ['too_large', 413],
  ['invalid', 422],
  ['rate_limited', 429],
  ['unavailable', 503],
];

test.each(STATUS)('%s is answered with %i', (kind, status) => {
  expect(answerTo(new AppError(kind, 'a_code', 'Do that.')).problem.status).toBe(status);
});

test('an error of ours is told with its code, its faults, its further members and when to retry', () => {
  const error = new AppError('invalid', 'challenge_failed', 'The URL did not answer.', {
    errors: [{ field: 'url', message: 'Answer with 200.' }],
    extensions: { handshake: { steps: [] }, status: 'not ours to change' },
    retryAfterSeconds: 12,
  });
  expect(answerTo(error)).toEqual({
    isOurFault: false,
    retryAfterSeconds: 12,
    problem: {
      type: '/docs/problems/challenge_failed',
      title: 'Challenge failed',
      status: 422,
      detail: 'The URL did not answer.',
      code: 'challenge_failed',
      errors: [{ field: 'url', message: 'Answer with 200.' }],
      handshake: { steps: [] },
    },
  });
});

test('an unknown error says nothing about itself', () => {
  const answer = answerTo(new Error('password=hunter2'));
  expect(answer).toMatchObject({ isOurFault: true, problem: { status: 500, code: 'internal_error' } });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test('a thing with a status that is no HTTP error of the framework stays a 500', () => {
  expect(answerTo(Object.assign(new Error('x'), { statusCode: 404 })).problem.status).toBe(500);
  expect(answerTo({ statusCode: 404, message: 'forged' }).problem.status).toBe(500);
});

test('a database that is away for a moment asks to come again', () => {
  const gone = Object.assign(new Error('terminating connection'), { code: '57P01' });
  expect(answerTo(gone)).toMatchObject({
    retryAfterSeconds: 1,
    problem: { status: 503, code: 'unavailable' },
  });
});

test("the framework's own exceptions get our words", () => {
  expect(answerTo(new NotFoundException('Cannot GET /x')).problem).toMatchObject({
    code: 'not_found',
    detail: 'There is nothing at this address.',
  });
  expect(answerTo(new ForbiddenException()).problem).toMatchObject({
    status: 403,
    code: 'cross_site_request',
  });
});

test.each([
  [413, 'payload_too_large'],
  [415, 'unsupported_media_type'],
  [400, 'malformed_request'],
])("Fastify's %i becomes %s", (statusCode, code) => {
  const error = Object.assign(new Error('FST'), { name: 'FastifyError', statusCode });
  expect(answerTo(error).problem).toMatchObject({ status: statusCode, code });
});
