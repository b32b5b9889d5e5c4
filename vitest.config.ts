import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { defaultServerConditions } from 'vite';

/** '#libs/*' reads the sources, never a stale build; Node's own conditions stay, or some packages load their browser side. */
const conditions = ['source', ...defaultServerConditions];

interface Suite {
  readonly name: string;
  readonly include: readonly string[];
  /** Shared by all files of the suite; test/support/<name>-service.ts provides it. */
  readonly services?: readonly ('postgres' | 'browser')[];
  readonly timeoutMs?: number;
  /** A process of its own for each file, one file at a time: for suites that start whole platforms. */
  readonly alone?: boolean;
}

const suites: readonly Suite[] = [
  {
    name: 'unit',
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'bench/**/*.spec.ts', 'scripts/**/*.spec.ts'],
  },
  { name: 'architecture', include: ['test/architecture/**/*.test.ts'], timeoutMs: 60_000 },
  {
    name: 'integration',
    include: ['test/integration/**/*.test.ts'],
    services: ['postgres'],
    timeoutMs: 20_000,
  },
  { name: 'contract', include: ['test/contract/**/*.test.ts'], timeoutMs: 30_000, alone: true },
  {
    name: 'e2e',
    include: ['test/e2e/**/*.test.ts'],
    services: ['postgres'],
    timeoutMs: 90_000,
    alone: true,
  },
  {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    services: ['browser'],
    timeoutMs: 90_000,
    alone: true,
  },
];

function project(suite: Suite, groupOrder: number): TestProjectInlineConfiguration {
  const { name, include, services = [], timeoutMs = 20_000, alone = false } = suite;
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    // Global setup files run in an environment of their own.
    environments: { __vitest__: { resolve: { conditions } } },
    test: {
      name,
      include: [...include],
      isolate: alone,
      maxWorkers: alone ? 1 : 2,
      sequence: { groupOrder },
      testTimeout: timeoutMs,
      hookTimeout: Math.max(timeoutMs, 60_000),
      setupFiles: ['./test/support/setup.ts'],
      globalSetup: services.map((service) => `./test/support/${service}-service.ts`),
    },
  };
}

export default defineConfig({ test: { projects: suites.map(project) } });
