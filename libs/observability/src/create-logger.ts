import {
  type DestinationStream,
  destination as fileDestination,
  type Logger,
  pino,
  stdSerializers,
} from 'pino';
import { humanLine } from './human-line.js';
import { escapeControls, maskSecrets } from './mask-secrets.js';

export interface LoggerOptions {
  readonly logLevel: string;
  readonly isProduction: boolean;
}

/** Members that hold secrets by their name, at the top of a line or one step below. */
const SECRET_MEMBERS = [
  'authorization',
  'cookie',
  'set-cookie',
  'secret',
  'password',
  'apiKey',
  'key',
  'token',
];
const REDACTED_PATHS = SECRET_MEMBERS.flatMap((name) => [
  `["${name}"]`,
  `*["${name}"]`,
  `*.headers["${name}"]`,
]);

/**
 * The process's logger: one JSON object a line, or a readable line on a developer's terminal. Secrets are masked by
 * the name of their member and by their shape, and control characters are escaped, so no value can forge a line.
 */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const isTerminal = destination === undefined && process.stdout.isTTY && !options.isProduction;
  const out = destination ?? fileDestination({ fd: 1, sync: true });
  const guarded: DestinationStream = {
    write: (line) => out.write(isTerminal ? humanLine(maskSecrets(line)) : escapeControls(maskSecrets(line))),
  };
  return pino(
    {
      level: options.logLevel,
      base: { pid: process.pid },
      serializers: { err: describeError },
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    },
    guarded,
  );
}

/** The error with its causes in the stack; a driver's further members (parameters, rows) may be somebody's data. */
function describeError(error: Error): object {
  const { type, message, stack, code } = stdSerializers.err(error);
  return { type, message, stack, ...(typeof code === 'string' && { code }) };
}
