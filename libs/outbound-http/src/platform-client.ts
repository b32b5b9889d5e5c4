import { Pool } from 'undici';
import { AppError } from '#libs/kernel';
import { codeOf } from './failure.js';
import { userAgentOf } from './user-agent.js';

export interface PlatformClientOptions {
  /** Origin of the platform's API. */
  readonly url: string;
  readonly key: string;
  readonly timeoutMs?: number;
}

export interface PlatformAnswer<T> {
  readonly status: number;
  /** The JSON of the answer, also when it is a problem document; null if there is none. */
  readonly body: T;
}

/** Creating a subscription waits for a challenge, which may take 30 seconds. */
const DEFAULT_TIMEOUT_MS = 35_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * JSON client for our own API, bound to its one origin: the URL comes from the operator, so the rules for other
 * people's URLs do not apply, and no path can make it call anyone else.
 */
export class PlatformClient {
  readonly #pool: Pool;
  readonly #authorization: string;
  readonly #timeoutMs: number;

  constructor(options: PlatformClientOptions) {
    this.#pool = new Pool(new URL(options.url).origin, { maxResponseSize: MAX_ANSWER_BYTES });
    this.#authorization = `Bearer ${options.key}`;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  /** Every HTTP answer is a value; rejects with an `AppError` (unavailable) only if there is none in time. */
  async request<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<PlatformAnswer<T>> {
    if (!path.startsWith('/') || path.startsWith('//'))
      throw new TypeError('The path must begin with one slash.');
    try {
      const response = await this.#pool.request({
        method,
        path,
        headers: this.#headers(body),
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return { status: response.statusCode, body: jsonOf(await response.body.text()) as T };
    } catch (error) {
      const message = `The API did not answer (${codeOf(error)}).`;
      throw new AppError('unavailable', 'platform_unavailable', message, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #headers(body: unknown): Record<string, string> {
    const headers: Record<string, string> = {
      authorization: this.#authorization,
      accept: 'application/json',
      'user-agent': userAgentOf(null),
    };
    return body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
  }
}

/** Something between us and the API, such as a proxy, may answer in HTML. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
