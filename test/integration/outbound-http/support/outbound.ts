import { readFileSync } from 'node:fs';
import type { AppConfig, EgressConfig } from '#libs/config';
import {
  OutboundHttp,
  type OutboundOptions,
  type OutboundRequest,
  type OutboundResult,
} from '#libs/outbound-http';

const open: OutboundHttp[] = [];

/** A client in development mode unless told otherwise; `closeAll` closes it. */
export function outbound(
  egress: Partial<EgressConfig> = {},
  { publicUrl = null, ...options }: OutboundOptions & { readonly publicUrl?: string | null } = {},
): OutboundHttp {
  const settings: EgressConfig = {
    allowCidrs: [],
    allowPorts: [],
    allowHosts: [],
    allowLoopback: true,
    ...egress,
  };
  const http = new OutboundHttp({ egress: settings, http: { publicUrl } } as AppConfig, options);
  open.push(http);
  return http;
}

export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((http) => http.close()));
}

export function post(
  http: OutboundHttp,
  url: string,
  more: Partial<OutboundRequest> = {},
): Promise<OutboundResult> {
  const headers = { 'content-type': 'application/json' };
  return http.request({
    url,
    method: 'POST',
    headers,
    body: Buffer.from('{}'),
    timeoutMs: 5000,
    owner: 'a',
    ...more,
  });
}

/** The outcome in one word: the status, or the type of the failure. */
export function outcome(result: OutboundResult): number | string {
  return result.kind === 'response' ? result.status : result.errorType;
}

export function pem(name: string): string {
  return readFileSync(new URL(`../../../vectors/tls/${name}.pem`, import.meta.url), 'utf8');
}
