import { ApiDocs } from '#libs/http-api';

const DESCRIPTION = `Publish events, subscribe URLs to them, and see what became of every delivery.

Send an API key with every request: \`Authorization: Bearer bhk_…\`. A key of the platform acts for the default tenant,
or for the one in the header \`Bellhop-Tenant: ten_…\`. Lists answer \`{ "data": […], "nextCursor": … }\`; errors are
RFC 9457 problem documents with a stable \`code\`.`;

const TAGS = [
  ['events', 'Publish, and look up what was published.'],
  ['event types', 'Describe what is published, and have its data checked.'],
  ['subscriptions', 'Which URL is told of which events; each proves first that it wants them.'],
  ['deliveries', 'What became of each event at each subscription, and trying again.'],
  ['admin', 'Tenants, API keys, and the state of the platform.'],
  ['preservica', 'For clients of Preservica, as they are: log in, subscribe, unsubscribe.'],
  ['kloudless', 'For clients of Kloudless, as they are: the events of an account by cursor.'],
  ['websub', 'For publishers and subscribers of WebSub: topics, and the hub that distributes them.'],
  ['health', 'For probes; no key needed.'],
] as const;

const SECURITY_SCHEMES = [
  { name: 'preservicaToken', scheme: { type: 'apiKey', in: 'header', name: 'Preservica-Access-Token' } },
  { name: 'kloudlessKey', scheme: { type: 'apiKey', in: 'header', name: 'Authorization' } },
] as const;

/** What the documentation pages say before the operations, and in which order these come. */
export function apiDocs(modules: ApiDocs['parts']['modules']): ApiDocs {
  return new ApiDocs({
    title: 'Bellhop API',
    description: DESCRIPTION,
    modules,
    tags: TAGS,
    securitySchemes: SECURITY_SCHEMES,
  });
}
