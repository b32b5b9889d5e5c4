import { proveRule } from './prove-rule.js';
import * as names from './rules/names.js';
import * as sizes from './rules/sizes.js';

const lines = (count: number): string => 'x();\n'.repeat(count);

proveRule('files are short', sizes.filesAreShort, {
  allowed: { 'libs/x/src/a.ts': lines(300), 'docs/long.md': lines(900) },
  proofs: [{ planted: { 'libs/x/src/b.ts': lines(301) }, violation: /b\.ts: 301 lines; the limit is 300/ }],
});

proveRule('functions are short', sizes.functionsAreShort, {
  allowed: {
    'libs/x/src/a.ts': `function f() {\n${lines(48)}}\n`,
    'test/a.test.ts': `describe('a list', () => {\n${lines(80)}test('one', f);\n});`,
  },
  proofs: [
    {
      planted: { 'libs/x/src/b.ts': `class B {\n  run() {\n${lines(49)}  }\n}` },
      violation: /b\.ts:2: run has 51 lines/,
    },
    {
      planted: { 'scripts/b.mjs': `const f = () => {\n${lines(60)}};` },
      violation: /b\.mjs:1: .* has 62 lines/,
    },
  ],
});

proveRule('constructors are narrow', sizes.constructorsAreNarrow, {
  allowed: { 'libs/x/src/a.ts': `class A { constructor(a: A, b: B, c: C, d: D, e: E) {} }` },
  proofs: [
    {
      planted: { 'libs/x/src/b.ts': `class B { constructor(a: A, b: B, c: C, d: D, e: E, f: F) {} }` },
      violation: /a constructor with 6 parameters/,
    },
  ],
});

const many = (count: number, prefix = ''): string =>
  `export { ${Array.from({ length: count }, (_, i) => `${prefix}x${i}`).join(', ')} } from './x.js';`;

proveRule('indexes are narrow', sizes.indexesAreNarrow, {
  allowed: {
    'libs/x/src/index.ts': `${many(15)}\n${many(20, 'type ')}`,
    'libs/x/src/inner/index.ts': many(40),
  },
  proofs: [
    {
      planted: { 'libs/y/src/index.ts': many(16) },
      violation: /libs\/y\/src\/index\.ts: 16 exported values/,
    },
    { planted: { 'libs/y/src/index.ts': `export * from './a.js';` }, violation: /export \* hides/ },
  ],
});

proveRule('no default exports', sizes.noDefaultExports, {
  allowed: { 'libs/x/src/a.ts': `export class A {}` },
  proofs: [
    { planted: { 'libs/x/src/b.ts': `export default class B {}` }, violation: /b\.ts:1: a default export/ },
    {
      planted: { 'apps/x/src/b.ts': `const b = 1;\nexport default b;` },
      violation: /b\.ts:2: a default export/,
    },
  ],
});

proveRule('files are named for what they do', names.filesAreNamedForWhatTheyDo, {
  allowed: {
    'libs/x/src/database-clock.ts': '',
    'test/support/receiver.ts': '',
    'libs/x/src/based-on.ts': '',
  },
  proofs: [
    { planted: { 'libs/x/src/string-utils.ts': '' }, violation: /the word "utils"/ },
    { planted: { 'libs/common/src/index.ts': '' }, violation: /the word "common"/ },
    { planted: { 'libs/x/src/EventStore.ts': '' }, violation: /not in kebab-case/ },
  ],
});

proveRule('types are named for what they do', names.typesAreNamedForWhatTheyDo, {
  allowed: {
    'libs/x/src/a.ts': `class Database {}\ninterface Item {}\ntype IdPrefix = 'evt';\nclass InboxModule {}`,
  },
  proofs: [
    { planted: { 'libs/x/src/b.ts': `class SubscriptionManager {}` }, violation: /the word "Manager"/ },
    {
      planted: { 'libs/x/src/b.ts': `export abstract class BaseRepository {}` },
      violation: /the word "Base"/,
    },
    {
      planted: { 'libs/x/src/b.ts': `interface IClock {}` },
      violation: /IClock: an interface needs no prefix/,
    },
    { planted: { 'libs/x/src/b.ts': `class WebhookSender {}` }, violation: /better words than webhook/ },
  ],
});

proveRule('tables use the glossary', names.tablesUseTheGlossary, {
  allowed: {
    'libs/database/src/migrations/1-a.ts': 'const sql = `CREATE TABLE delivery (id uuid)`;',
    'libs/x/src/delivery.entity.ts': `@Entity({ name: 'delivery' })\nclass Delivery {}`,
  },
  proofs: [
    {
      planted: { 'libs/database/src/migrations/2-b.ts': 'const sql = `CREATE TABLE webhook_log (id uuid)`;' },
      violation: /table webhook_log/,
    },
    {
      planted: { 'libs/x/src/b.entity.ts': `@Entity({ name: 'webhook' })\nclass B {}` },
      violation: /table webhook/,
    },
  ],
});
