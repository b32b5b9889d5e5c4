import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from '#libs/config';
import { Readiness } from './readiness.js';

/** In production a load balancer gets this time to see that the process is leaving, before it closes its door. */
const LEAVING_NOTICE_MS = 1_000;
/** Beyond the time that the parts of the application have for their own stop. */
const STOP_MARGIN_MS = 5_000;

/** Opens the door where the settings say; gives the address with the port that was really taken. */
export async function listen(app: NestFastifyApplication, config: AppConfig): Promise<string> {
  await app.listen({ port: config.http.port, host: config.http.host });
  return (await app.getUrl()).replace('[::1]', 'localhost').replace('127.0.0.1', 'localhost');
}

/**
 * Resolves when the process was told to stop (SIGTERM, SIGINT) and has stopped: first readiness says 503, then
 * nothing new is taken, then what is in flight finishes. A second signal, or a stop that hangs, ends it at once.
 */
export async function runUntilSignal(app: NestFastifyApplication, config: AppConfig): Promise<void> {
  const logger = new Logger('Process');
  const signal = await firstSignal();
  logger.log(`${signal}: finishing what is in flight; once more to stop at once`);
  const giveUp = (): never => process.exit(1);
  process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
  const deadline = setTimeout(giveUp, config.shutdownMs + STOP_MARGIN_MS);
  app.get(Readiness).startDraining();
  if (config.isProduction) await new Promise((resolve) => setTimeout(resolve, LEAVING_NOTICE_MS));
  await app.close();
  clearTimeout(deadline);
  process.off('SIGINT', giveUp).off('SIGTERM', giveUp);
  logger.log('stopped');
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve(signal);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}
