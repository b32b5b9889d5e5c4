import { createHash } from 'node:crypto';

/** More would be a client that never stops: the SDK logs in again on every 401. */
const MAX_REQUESTS = 20;

export interface PreservicaCredentials {
  readonly server: string;
  readonly username: string;
  readonly password: string;
  readonly tenant?: string;
  readonly usesSharedSecret?: boolean;
}

/** Does what the Preservica SDK for Python does, with its demands: exact statuses, and a new login on each 401. */
export class PreservicaClient {
  requests = 0;
  tenant = '';
  private token = '';

  private constructor(private readonly credentials: PreservicaCredentials) {}

  static async connect(credentials: PreservicaCredentials): Promise<PreservicaClient> {
    const client = new PreservicaClient(credentials);
    await client.logIn();
    const version = await (await client.send('GET', '/api/entity/versiondetails/version')).text();
    const numbers = /<CurrentVersion>(\d+)\.(\d+)\.(\d+)<\/CurrentVersion>/.exec(version);
    if (!numbers) throw new Error(`no version: ${version}`);
    const { roles } = (await (await client.send('GET', '/api/user/details')).json()) as { roles: string[] };
    if (!roles.includes('ROLE_SDB_MANAGER_USER')) throw new Error('manager role needed');
    return client;
  }

  async subscribe(url: string, triggerType: string, secret: string): Promise<Record<string, unknown>> {
    // The SDK pastes the text together.
    const body = `{"url": "${url}", "triggerType": "${triggerType}", "secret": "${secret}", "includeIdentifiers": "true"}`;
    const answer = await this.send('POST', '/api/webhook/subscriptions', body);
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async subscriptions(): Promise<{ id: string }[]> {
    const answer = await this.send('GET', '/api/webhook/subscriptions');
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string }[];
  }

  async unsubscribe(id: string): Promise<void> {
    const answer = await this.send('DELETE', `/api/webhook/subscriptions/${id}`);
    if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`);
  }

  /** As if the token had grown old. */
  useToken(token: string): void {
    this.token = token;
  }

  private async logIn(): Promise<void> {
    const { username, password, tenant, usesSharedSecret = false } = this.credentials;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const text = `preservica-external-auth${timestamp}${username}${password}`;
    const hash = createHash('sha1').update(text).digest('hex');
    const form: Record<string, string> = usesSharedSecret
      ? { username, tenant: tenant ?? '', timestamp, hash }
      : { username, password, ...(tenant === undefined ? { includeUserDetails: 'true' } : { tenant }) };
    const path = usesSharedSecret ? 'acquire-external' : 'login';
    const answer = await this.fetch(`/api/accesstoken/${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    // Whatever the status, the SDK reads JSON.
    const body = (await answer.json()) as { token: string; tenant: string };
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(body)}`);
    this.token = body.token;
    if (tenant === undefined) this.tenant = body.tenant;
  }

  private async send(method: string, path: string, body?: string): Promise<Response> {
    const headers = {
      'Preservica-Access-Token': this.token,
      ...(body !== undefined && { 'Content-Type': 'application/json', Accept: 'application/json' }),
    };
    const answer = await this.fetch(path, { method, headers, ...(body !== undefined && { body }) });
    if (answer.status !== 401) return answer;
    await this.logIn();
    return this.send(method, path, body);
  }

  private fetch(path: string, init: RequestInit): Promise<Response> {
    this.requests += 1;
    if (this.requests > MAX_REQUESTS) throw new Error('the client never stops');
    return fetch(`${this.credentials.server}${path}`, init);
  }
}
