import type { Receiver } from '../receiver.js';
import type { IncomingRequest } from '../request.js';
import { flatHeaders } from './flat-headers.js';

type Strings = Readonly<Record<string, string | undefined>>;
type StringLists = Readonly<Record<string, readonly string[] | undefined>>;

/** REST API (payload 1.0): headers as they came, the query already decoded. */
export interface RestApiEvent {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: Strings | null;
  readonly multiValueQueryStringParameters?: StringLists | null;
  readonly queryStringParameters?: Strings | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** Function URL and HTTP API (payload 2.0): headers in lower case, the query as it came. */
export interface FunctionUrlEvent {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly headers?: Strings | null;
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

export interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/**
 * A Lambda handler for REST APIs, HTTP APIs and function URLs. Lambda freezes the process after the answer, so make the
 * receiver with `acknowledge: 'when-done'`, and let its work hand over what takes long.
 */
export function lambdaHandler(receiver: Receiver) {
  return async (event: RestApiEvent | FunctionUrlEvent): Promise<LambdaAnswer> => {
    const { status, headers, body } = await receiver.receive(incoming(event));
    return { statusCode: status, headers, body, isBase64Encoded: false };
  };
}

function incoming(event: RestApiEvent | FunctionUrlEvent): IncomingRequest {
  const headers = flatHeaders(Object.entries(event.headers ?? {}));
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if ('rawPath' in event) {
    const query = event.rawQueryString ? `?${event.rawQueryString}` : '';
    return { method: event.requestContext.http.method, url: event.rawPath + query, headers, body };
  }
  return { method: event.httpMethod, url: event.path + queryOfRest(event), headers, body };
}

/** Encodes it again; `multiValue…` has the repeated parameters, of which the other one keeps only the last. */
function queryOfRest(event: RestApiEvent): string {
  const { multiValueQueryStringParameters: lists, queryStringParameters: singles } = event;
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(lists ?? singles ?? {})) {
    for (const value of [values ?? []].flat()) query.append(name, String(value));
  }
  return query.size > 0 ? `?${query.toString()}` : '';
}
