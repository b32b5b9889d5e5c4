import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { azureHandler, lambdaHandler, Receiver, senders } from '#libs/receiver';
import { BODY, githubHeaders, recordingReceiver } from './signed-github.js';

const CODE = 'Zq3tN8yQbR5vX0wLk7Jd2A';
const PROOF = createHmac('sha256', 'my secret key!').update(CODE).digest('hex');
const preservica = (): Receiver =>
  new Receiver({ sender: senders.preservica({ secrets: ['my secret key!'] }), work: () => undefined });

/** As API Gateway invokes a function for a REST API: header names as they came. */
const restApi = {
  resource: '/hook',
  httpMethod: 'POST',
  path: '/hook',
  headers: githubHeaders(BODY),
  multiValueHeaders: {},
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  requestContext: { stage: 'prod' },
  body: BODY,
  isBase64Encoded: false,
};

/** As a function URL invokes it: lower-case names, the body encoded. */
const functionUrl = {
  version: '2.0' as const,
  rawPath: '/hook',
  rawQueryString: '',
  headers: Object.fromEntries(
    Object.entries(githubHeaders(BODY)).map(([name, value]) => [name.toLowerCase(), value]),
  ),
  requestContext: { http: { method: 'POST', path: '/hook' } },
  body: Buffer.from(BODY).toString('base64'),
  isBase64Encoded: true,
};

test.each([
  ['a REST API', restApi],
  ['a function URL', functionUrl],
])('Lambda behind %s: the work is done when the answer is given', async (_, event) => {
  const { receiver, worked } = recordingReceiver('when-done');
  const handler = lambdaHandler(receiver);
  expect(await handler(event)).toMatchObject({ statusCode: 204, body: '', isBase64Encoded: false });
  expect(worked).toEqual([BODY]);
  expect(await handler({ ...event, body: 'bm8=' })).toMatchObject({ statusCode: 401 });
});

test('Lambda: a challenge in the query is answered in both shapes', async () => {
  const expected = { challengeCode: CODE, challengeResponse: PROOF };
  const query = { queryStringParameters: { challengeCode: CODE }, body: null };
  const answers = [
    await lambdaHandler(preservica())({ ...restApi, ...query }),
    await lambdaHandler(preservica())({
      ...restApi,
      ...query,
      multiValueQueryStringParameters: { challengeCode: [CODE] },
    }),
    await lambdaHandler(preservica())({ ...functionUrl, rawQueryString: `challengeCode=${CODE}`, body: '' }),
  ];
  expect(answers.map(({ body }) => JSON.parse(body) as unknown)).toEqual([expected, expected, expected]);
});

test('Azure Functions, model 4: a request as of fetch', async () => {
  const { receiver, worked } = recordingReceiver('when-done');
  const url = 'https://app.azurewebsites.net/api/hook?code=x';
  const request = new Request(url, { method: 'POST', headers: githubHeaders(BODY), body: BODY });
  expect(await azureHandler(receiver)(request)).toMatchObject({ status: 204 });
  expect(worked).toEqual([BODY]);
  const challenge = new Request(`${url}&challengeCode=${CODE}`, { method: 'POST' });
  const answer = await azureHandler(preservica())(challenge);
  expect(JSON.parse(answer.body)).toMatchObject({ challengeResponse: PROOF });
});

test('Azure Functions, model 3: a context with the raw body, which gets the answer', async () => {
  const { receiver, worked } = recordingReceiver('when-done');
  const url = 'https://app.azurewebsites.net/api/hook';
  const headers = githubHeaders(BODY);
  const context = { req: { method: 'POST', url, headers, rawBody: BODY }, res: undefined as unknown };
  await azureHandler(receiver)(context);
  expect(context.res).toMatchObject({ status: 204 });
  expect(worked).toEqual([BODY]);
});
