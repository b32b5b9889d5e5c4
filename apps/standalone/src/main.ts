import { Logger } from '@nestjs/common';
import { faultText } from './startup-fault.js';
import { runPlatform } from './run-platform.js';

/** The embedded PostgreSQL is told to stop however this process exits; only SIGKILL leaves it for the next start. */
function dieOf(error: unknown): never {
  new Logger('Process').fatal(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

process.on('uncaughtException', dieOf);
process.on('unhandledRejection', dieOf);
// The terminal was closed: a stop like any other.
process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));

try {
  await runPlatform();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${faultText(error)}\n`);
  process.exit(1);
}
