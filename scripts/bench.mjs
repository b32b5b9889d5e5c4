// npm run bench [-- rounds] [-- milliseconds]: the platform against a bare sender, see bench/main.ts.
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';

await ensureInstalled();
await ensureBuilt();
await import('../dist/bench/main.js');
