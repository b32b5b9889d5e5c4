import type { SourceTree, Violation } from '../source-tree.js';

export const REQUIRED: readonly string[] = [
  ...words('package.json tsconfig.json nest-cli.json docker-compose.yml README.md .env.example .ci/run'),
  ...words('guestbook api dispatcher inbox standalone').map((app) => `apps/${app}/src/main.ts`),
  ...words('kernel events signing config observability database messaging http-api outbound-http outbox').map(
    indexOf,
  ),
  ...words('subscriptions deliveries access receiver').map(indexOf),
];

const TOP_LEVEL = new Set(
  words(`
    apps libs test docs bench scripts .ci
    package.json package-lock.json tsconfig.json tsconfig.build.json nest-cli.json vitest.config.ts
    docker-compose.yml Dockerfile .dockerignore .env.example .gitignore .npmrc
    .oxlintrc.json .prettierrc.json .prettierignore
    README.md LICENSE CONTRIBUTING.md SECURITY.md CHANGELOG.md
  `),
);

const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{40}/],
  ['an access key of a cloud', /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a token of a forge', /\b(gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20})/],
];
/** Tests make up keys and addresses of their own; everywhere else these shapes are a mistake. */
const SECRETS_OUTSIDE_TESTS: typeof SECRETS = [
  ['an API key of ours', /\bbhk_[A-Za-z0-9_-]{43,}/],
  [
    'a password in an address',
    /\b(postgres(ql)?|amqps?):\/\/[^\s:@/'"`${}]+:(?!secret|password)[^\s@'"`${}]{6,}@/,
  ],
];
/** Folders of one machine: they work for whoever wrote them, and for nobody else. */
const MACHINE_PATHS = /(?<![\w.])\/(?:work|root|home\/[a-z]\w*|Users\/\w+|tmp\/[a-z]\w+)\//;

export function theRepositoryHasItsParts(tree: SourceTree): Violation[] {
  return REQUIRED.filter((file) => !tree.has(file)).map((file) => ({ file, message: 'is missing' }));
}

export function theTopLevelIsKnown(tree: SourceTree): Violation[] {
  const entries = new Set([...tree.keys()].map((file) => file.split('/')[0] ?? ''));
  return [...entries]
    .filter((entry) => !TOP_LEVEL.has(entry))
    .map((file) => ({ file, message: 'does not belong at the top level' }));
}

export function nothingSecretOrLocalIsWritten(tree: SourceTree): Violation[] {
  return [...tree]
    .filter(([file]) => !file.startsWith('test/vectors/') && file !== 'package-lock.json')
    .flatMap(([file, text]) => {
      const isTest = /^test\/|\.spec\.ts$/.test(file);
      const shapes = isTest ? SECRETS : [...SECRETS, ...SECRETS_OUTSIDE_TESTS];
      const found = shapes.filter(([, pattern]) => pattern.test(text)).map(([what]) => `holds ${what}`);
      const local = MACHINE_PATHS.exec(text);
      if (local) found.push(`names a folder of one machine: ${local[0]}`);
      return found.map((message) => ({ file, message }));
    });
}

function indexOf(lib: string): string {
  return `libs/${lib}/src/index.ts`;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
