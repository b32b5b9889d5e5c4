// npm run bench [-- options]: the platform against a bare sender; `npm run bench -- --help` tells the rest.
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';

await ensureInstalled();
await ensureBuilt();
await import('../dist/bench/main.js');
