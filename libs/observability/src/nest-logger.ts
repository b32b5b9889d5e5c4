import type { LoggerService, LogLevel } from '@nestjs/common';
import type { Level, Logger } from 'pino';

const START_UP_CHATTER = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
]);
/** Nest's name for a boot that failed; the error goes to whoever boots, who tells it. */
const FAILED_BOOT = 'ExceptionHandler';

/** Sends what Nest and our classes log through pino. Nest's own start-up lines are debugging detail. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const isChatter = START_UP_CHATTER.has(String(rest.at(-1)));
    this.write(isChatter ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write(rest.at(-1) === FAILED_BOOT ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** The level comes from the settings alone. */
  setLogLevels(_levels: LogLevel[]): void {}

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const texts = rest.filter((item) => typeof item === 'string');
    const context = texts.at(-1);
    const error = [message, ...rest].find((item) => item instanceof Error) ?? stackAsError(texts.at(-2));
    const details = [message, ...rest].find(isDetails);
    this.logger[level](
      { ...details, context, ...(error && { err: error }) },
      textOf(message, details, error),
    );
  }
}

function textOf(message: unknown, details: object | undefined, error: Error | undefined): string | undefined {
  if (typeof message === 'string') return message;
  if (message === error) return error?.message;
  return message === details ? undefined : String(message);
}

function isDetails(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null && !(item instanceof Error);
}

/** Nest's convention `logger.error(message, stack, context)`: the stack arrives as a text. */
function stackAsError(stack: string | undefined): Error | undefined {
  if (stack === undefined || !stack.includes('\n')) return undefined;
  const error = new Error(stack.slice(0, stack.indexOf('\n')));
  error.stack = stack;
  return error;
}
