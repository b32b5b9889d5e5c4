import { Logger } from '@nestjs/common';
import { makeBackgroundThreadsYield } from './background-threads.js';
import { faultText } from './startup-fault.js';

/**
 * Runs what a process is for, then ends the process: with 0 when that is done, with 1 when it failed. A fault that the
 * operator can mend is told in plain words. An error that nobody caught ends the process too, since nobody knows what
 * it left half done.
 */
export async function runProcess(run: () => Promise<void>): Promise<never> {
  makeBackgroundThreadsYield();
  process.on('uncaughtException', dieOf).on('unhandledRejection', dieOf);
  // The terminal was closed: a stop like any other.
  process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
  try {
    await run();
    return process.exit(0);
  } catch (error) {
    process.stderr.write(`${faultText(error)}\n`);
    return process.exit(1);
  }
}

function dieOf(error: unknown): never {
  new Logger('Process').fatal(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
