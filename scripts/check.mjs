/** `npm run check`: format, lint, types and unit tests, side by side, in seconds; for use before each commit. */
import { printStep, runStep, seconds, STATIC_STEPS } from './lib/steps.mjs';

const UNIT = {
  name: 'unit and architecture tests',
  args: [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
    '--project',
    'architecture',
    '--reporter=dot',
  ],
};

const started = Date.now();
const steps = await Promise.all([...STATIC_STEPS, UNIT].map(runStep));
for (const step of steps) printStep(step);
const failed = steps.filter(({ isOk }) => !isOk).map(({ name }) => name);
process.stdout.write(failed.length > 0 ? `\nfailed: ${failed.join(', ')}` : '\nall well');
process.stdout.write(` (${seconds(Date.now() - started)})\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
