// npm run chaos [-- options]: breaks the platform on purpose; `npm run chaos -- --help` tells the rest.
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';

// The reference library for signatures and the tests that the command runs are dependencies of development.
await ensureInstalled({ dev: true });
await ensureBuilt();
await import('../dist/test/chaos/main.js');
