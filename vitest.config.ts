import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defaultServerConditions } from 'vite';

/** '#libs/*' reads the sources, never a stale build; Node's own conditions stay, or some packages load their browser side. */
const conditions = ['source', ...defaultServerConditions];

interface Suite {
  readonly name: string;
  readonly include: readonly string[];
  /** Shared by all files of the suite; test/support/<name>-service.ts provides it. */
  readonly services?: readonly ('postgres' | 'browser')[];
  readonly timeoutMs?: number;
  /**
   * For suites that start programs: a process of its own for each file. `waiting` for most of the time, so that its files
   * run beside each other and beside those of the other such suites; or `alone`, one file and nothing else at a time.
   */
  readonly programs?: 'waiting' | 'alone';
}

const suites: readonly Suite[] = [
  {
    name: 'unit',
    include: ['libs', 'apps', 'bench', 'scripts', 'test/chaos'].map((folder) => `${folder}/**/*.spec.ts`),
  },
  { name: 'architecture', include: ['test/architecture/**/*.test.ts'], timeoutMs: 60_000 },
  {
    name: 'integration',
    include: ['test/integration/**/*.test.ts'],
    services: ['postgres'],
    timeoutMs: 20_000,
  },
  { name: 'contract', include: ['test/contract/**/*.test.ts'], timeoutMs: 30_000, programs: 'waiting' },
  {
    name: 'e2e',
    include: ['test/e2e/**/*.test.ts'],
    services: ['postgres'],
    timeoutMs: 90_000,
    programs: 'waiting',
  },
  {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    services: ['browser'],
    timeoutMs: 90_000,
    programs: 'alone',
  },
  {
    name: 'timing',
    include: ['test/timing/**/*.test.ts'],
    services: ['postgres'],
    timeoutMs: 90_000,
    programs: 'alone',
  },
  { name: 'chaos', include: ['test/chaos/**/*.test.ts'], timeoutMs: 90_000, programs: 'alone' },
];

const WORKERS = { waiting: 3, alone: 1 };

/** Begun last, one of them would run on when all others of its group are done. */
const LONGEST_FIRST = [
  'test/contract/broker.amqp-deaths',
  'test/e2e/full',
  'test/e2e/embedded',
  'test/e2e/postgres',
  'test/integration/apps/start',
  'test/integration/database/embedded-postgres',
  'test/integration/deliveries/fairness',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST_FIRST.findIndex((start) => moduleId.includes(start));
      return found < 0 ? LONGEST_FIRST.length : found;
    };
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => group(a) - group(b) || place(a) - place(b));
  }
}

/** Suites of one group run at the same time, groups one after the other. */
function groupOf({ name, programs }: Suite): number {
  return suites.findIndex((suite) =>
    programs === 'waiting' ? suite.programs === 'waiting' : suite.name === name,
  );
}

function project(suite: Suite): TestProjectInlineConfiguration {
  const { name, include, services = [], timeoutMs = 20_000, programs } = suite;
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    // Global setup files run in an environment of their own.
    environments: { __vitest__: { resolve: { conditions } } },
    test: {
      name,
      include: [...include],
      isolate: programs !== undefined,
      maxWorkers: programs === undefined ? 2 : WORKERS[programs],
      sequence: { groupOrder: groupOf(suite) },
      testTimeout: timeoutMs,
      hookTimeout: Math.max(timeoutMs, 60_000),
      setupFiles: ['./test/support/setup.ts'],
      globalSetup: services.map((service) => `./test/support/${service}-service.ts`),
    },
  };
}

export default defineConfig({
  test: { sequence: { sequencer: LongestFirst }, projects: suites.map(project) },
});
