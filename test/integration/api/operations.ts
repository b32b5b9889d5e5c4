import type { ApiFixture } from './api-fixture.js';

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly role: string | undefined;
  /** An operation without security is open to everyone. */
  readonly isPublic: boolean;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly 'x-required-role'?: string;
}
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
  readonly components: { readonly schemas: Record<string, { properties?: Record<string, unknown> }> };
}

/** Every operation of ours that the served document names. */
export async function documentedOperations(api: ApiFixture): Promise<Operation[]> {
  return (await allOperations(api)).filter(({ path }) => OURS.test(path));
}

/** Those that clients of other systems call: each system has its own way to say who asks. */
export async function facadeOperations(api: ApiFixture): Promise<Operation[]> {
  return (await allOperations(api)).filter(({ path }) => !OURS.test(path));
}

const OURS = /^\/(v1|health)\//;

async function allOperations(api: ApiFixture): Promise<Operation[]> {
  const { paths } = (await api.call('GET', '/openapi.json', { key: null })).json<OpenApiDocument>();
  return Object.entries(paths).flatMap(([path, members]) =>
    Object.entries(members).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      role: operation['x-required-role'],
      isPublic: operation.security?.length === 0,
    })),
  );
}

/** The path with an id in each place, that of something real where the test has made it. */
export function addressOf(operation: Operation, ids: Readonly<Record<string, string>> = {}): string {
  const area = operation.path.split('/')[2] ?? '';
  return operation.path.replace(/\{\w+\}/g, ids[area] ?? UNKNOWN_IDS[area] ?? 'unknown');
}

const NO_ID = '01h455vb4pex5vsknk084sn02q';
const UNKNOWN_IDS: Readonly<Record<string, string>> = {
  events: `evt_${NO_ID}`,
  subscriptions: `sub_${NO_ID}`,
  deliveries: `dlv_${NO_ID}`,
  admin: `key_${NO_ID}`,
  'event-types': 'nobody.knows.this',
  topics: `top_${NO_ID}`,
};
