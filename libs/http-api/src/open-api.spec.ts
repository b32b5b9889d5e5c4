import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiCreatedResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#libs/config';
import { bootHttpApp } from './boot-http-app.js';
import { HealthModule } from './http-process.module.js';
import { ApiDocs } from './open-api.js';

class ThingDto {
  @ApiProperty({ description: 'What it is called.' })
  @IsString()
  readonly name!: string;
}

@Controller('v1/things')
class ThingsController {
  @Post()
  @ApiOperation({ operationId: 'createThing' })
  @ApiCreatedResponse({ type: ThingDto })
  create(@Body() thing: ThingDto): ThingDto {
    return thing;
  }
}

@Controller('undocumented')
class PagesController {
  @Post()
  page(): string {
    return 'page';
  }
}

@Module({ controllers: [PagesController] })
class PagesModule {}

@Module({
  controllers: [ThingsController],
  imports: [PagesModule],
  providers: [
    {
      provide: ApiDocs,
      useFactory: () =>
        new ApiDocs({
          title: 'Things',
          description: 'All about things.',
          modules: [ThingsModule, HealthModule],
          tags: [
            ['things', 'What there is.'],
            ['health', 'How it is.'],
          ],
        }),
    },
  ],
})
class ThingsModule {}

const boot = (): Promise<NestFastifyApplication> =>
  bootHttpApp(ThingsModule, loadConfig({ LOG_LEVEL: 'silent', NODE_ENV: 'test' }));

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await boot();
});
afterAll(() => app.close());

test('the document describes the API and health, and no page', async () => {
  const document = (await app.inject('/openapi.json')).json<{
    openapi: string;
    paths: Record<string, unknown>;
  }>();
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(['/health/live', '/health/ready', '/v1/things']);
});

test('the groups of operations come in the order given', async () => {
  const { tags } = (await app.inject('/openapi.json')).json<{ tags: unknown }>();
  expect(tags).toEqual([
    { name: 'things', description: 'What there is.' },
    { name: 'health', description: 'How it is.' },
  ]);
});

test('every operation says that it may answer with a problem, and needs a key unless it says otherwise', async () => {
  const document = (await app.inject('/openapi.json')).json<Record<string, never>>();
  expect(document).toMatchObject({
    security: [{ apiKey: [] }],
    components: {
      schemas: { ProblemDto: { required: expect.arrayContaining(['type', 'code', 'requestId']) } },
    },
    paths: {
      '/health/live': { get: { security: [] } },
      '/v1/things': {
        post: {
          responses: {
            '201': {},
            default: {
              content: {
                'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } },
              },
            },
          },
        },
      },
    },
  });
});

test('the document is the same each time', async () => {
  const twin = await boot();
  expect((await twin.inject('/openapi.json')).body).toBe((await app.inject('/openapi.json')).body);
  await twin.close();
});

test('the page and all that it loads come from here, under a policy of its own', async () => {
  const page = await app.inject('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain(
    "script-src 'self';style-src 'self' 'unsafe-inline'",
  );
  const loaded = [...page.body.matchAll(/(?:src|href)=["']([^"']+)["']/g)].map(
    ([, address]) => address ?? '',
  );
  expect(loaded.length).toBeGreaterThan(4);
  for (const address of loaded) {
    expect(address).not.toMatch(/^(https?:)?\/\//);
    const asset = await app.inject(new URL(address, 'http://localhost/docs').pathname);
    expect(asset.statusCode, address).toBe(200);
  }
});
