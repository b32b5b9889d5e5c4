import { ApiDocs } from '#libs/http-api';

const DESCRIPTION = `Publish events, subscribe URLs to them, and see what became of every delivery.

Send an API key with every request: \`Authorization: Bearer bhk_…\`. A key of the platform acts for the default tenant,
or for the one in the header \`Bellhop-Tenant: ten_…\`. Lists answer \`{ "data": […], "nextCursor": … }\`; errors are
RFC 9457 problem documents with a stable \`code\`.`;

/** What the documentation pages say before the operations. */
export function apiDocs(modules: ConstructorParameters<typeof ApiDocs>[2]): ApiDocs {
  return new ApiDocs('Bellhop API', DESCRIPTION, modules);
}
