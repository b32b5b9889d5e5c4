import { envExample } from '#libs/config';
import { proveRule } from './prove-rule.js';
import * as rules from './rules/repository.js';
import type { SourceTree, Violation } from './source-tree.js';

proveRule('the repository has its parts', rules.theRepositoryHasItsParts, {
  allowed: Object.fromEntries(rules.REQUIRED.map((file) => [file, ''])),
  proofs: [{ planted: { 'README.md': null }, violation: /README\.md: is missing/ }],
});

proveRule('the top level is known', rules.theTopLevelIsKnown, {
  allowed: { 'apps/api/src/main.ts': '', 'README.md': '' },
  proofs: [
    { planted: { 'notes.txt': '' }, violation: /notes\.txt: does not belong/ },
    { planted: { 'src/index.ts': '' }, violation: /src: does not belong/ },
  ],
});

proveRule('nothing secret or local is written', rules.nothingSecretOrLocalIsWritten, {
  allowed: {
    'libs/x/src/a.ts': `const url = 'postgres://app:secret@db/app'; const dir = '/tmp';\nimport '../home/page.js';`,
    'docs/a.md': 'Keys begin with bhk_; see https://example.org/work/x and `bhk_…`.',
  },
  proofs: [
    {
      planted: { 'docs/b.md': `Authorization: Bearer bhk_${'a1'.repeat(22)}` },
      violation: /an API key of ours/,
    },
    {
      planted: { 'test/b.ts': `const pem = '-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}'` },
      violation: /a private key/,
    },
    {
      planted: { '.env.example': 'DATABASE_URL=postgres://app:hunter2hunter2@db/app' },
      violation: /a password/,
    },
    {
      planted: { 'scripts/b.mjs': `const dir = '/${'home'}/someone/bellhop';` },
      violation: /a folder of one machine/,
    },
  ],
});

proveRule('.env.example says what the settings are', envExampleIsCurrent, {
  allowed: { '.env.example': envExample() },
  proofs: [
    { planted: { '.env.example': '#PORT=3000\n' }, violation: /run `node scripts\/env-example\.mjs`/ },
  ],
});

function envExampleIsCurrent(tree: SourceTree): Violation[] {
  const file = '.env.example';
  return tree.get(file) === envExample()
    ? []
    : [{ file, message: 'is out of date; run `node scripts/env-example.mjs`' }];
}
