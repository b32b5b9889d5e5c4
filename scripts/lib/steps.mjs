import { spawn } from 'node:child_process';
import { ROOT } from './prepare.mjs';

/**
 * What is judged without running the product, each step by the name it has in the summary.
 * Programs are named by their files: node_modules/.bin has two compilers that both answer to `tsc`.
 */
export const STATIC_STEPS = [
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'] },
  {
    name: 'lint',
    args: ['node_modules/oxlint/bin/oxlint', '--type-aware', 'apps', 'libs', 'test', 'bench', 'scripts'],
  },
  { name: 'types', args: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json', '--noEmit'] },
];

/** Runs a Node program to its end; with `show` its output goes straight to ours, else it is collected. */
export function runStep({ name, args, show = false }) {
  const started = Date.now();
  const stdio = show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    const end = (code) => resolve({ name, isOk: code === 0, output, ms: Date.now() - started });
    child.once('close', end);
    child.once('error', (error) => {
      output += String(error);
      end(1);
    });
  });
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** One line for a step that went well, its whole output for one that did not. */
export function printStep({ name, isOk, output, ms }) {
  process.stdout.write(`${isOk ? '  ok  ' : 'FAILED'}  ${name} (${seconds(ms)})\n`);
  if (!isOk && output) process.stdout.write(`${output.trimEnd()}\n\n`);
}
