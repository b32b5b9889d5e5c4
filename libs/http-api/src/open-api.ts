import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

type SecurityScheme = Parameters<DocumentBuilder['addSecurity']>[1];

export interface ApiDocsParts {
  readonly title: string;
  readonly description: string;
  readonly modules: readonly Type[];
  /** Further ways to prove who asks. */
  readonly securitySchemes?: readonly { readonly name: string; readonly scheme: SecurityScheme }[];
  /** The groups of operations with what they are about, in the order to read them. */
  readonly tags?: readonly (readonly [name: string, description: string])[];
}

/** Provided by a module whose controllers are a documented API. */
export class ApiDocs {
  constructor(readonly parts: ApiDocsParts) {}
}

const DOCS_PATH = 'docs';
const DOCUMENT_PATH = 'openapi.json';

/** The bar offers to show other documents; there are none, and the policy of the page would not load them. */
const STYLE = '.swagger-ui .topbar { display: none }';

/** `/docs` and `/openapi.json`, from the code and without the internet; nothing where no module provides `ApiDocs`.
 * The document is made when it is first asked for, not at every start. */
export function setUpDocs(app: NestFastifyApplication): void {
  const docs = docsOf(app);
  if (docs === null) return;
  SwaggerModule.setup(DOCS_PATH, app, () => openApiDocument(app, docs), {
    jsonDocumentUrl: DOCUMENT_PATH,
    raw: ['json'],
    customSiteTitle: docs.parts.title,
    customCss: STYLE,
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, validatorUrl: null },
  });
}

/** Depends on the code alone: no time, no host, no order of loading. */
function openApiDocument(app: NestFastifyApplication, { parts }: ApiDocs): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(parts.title)
    .setDescription(parts.description)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: `bhk_…`.' }, 'apiKey')
    .addSecurityRequirements('apiKey');
  for (const { name, scheme } of parts.securitySchemes ?? []) builder.addSecurity(name, scheme);
  for (const [name, description] of parts.tags ?? []) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    include: [...parts.modules],
    extraModels: [ProblemDto],
  });
  return inOrder(withProblems(document));
}

/** Every operation may answer with a problem; saying so here once keeps the controllers readable. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } };
  for (const operation of operationsOf(document)) {
    operation.responses['default'] ??= { description: 'A problem document (RFC 9457).', content };
  }
  return document;
}

interface Operation {
  responses: Record<string, unknown>;
}

function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.values(document.paths).flatMap((path) =>
    Object.values(path as Record<string, unknown>).filter(
      (member): member is Operation => typeof member === 'object' && member !== null && 'responses' in member,
    ),
  );
}

function inOrder(document: OpenAPIObject): OpenAPIObject {
  const byName = <T>(members: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
  const components = { ...document.components, schemas: byName(document.components?.schemas ?? {}) };
  return { ...document, paths: byName(document.paths), components };
}

function docsOf(app: NestFastifyApplication): ApiDocs | null {
  try {
    return app.get(ApiDocs, { strict: false });
  } catch {
    return null;
  }
}
