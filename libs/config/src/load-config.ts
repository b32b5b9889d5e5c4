import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { AppConfig, Mode } from './app-config.js';
import { EnvDto } from './env.dto.js';

/** The settings are unusable; the message lists every fault at once and never shows a value. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads, validates and freezes the settings; an empty variable counts as unset. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): AppConfig {
  const known = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const dto = plainToInstance(EnvDto, known, { exposeDefaultValues: true });
  const faults = validateSync(dto, { stopAtFirstError: true }).flatMap((error) =>
    Object.values(error.constraints ?? {}),
  );
  const mode: Mode =
    dto.DATABASE_URL === undefined ? 'embedded' : dto.AMQP_URL === undefined ? 'postgres' : 'full';
  faults.push(...faultsBetween(dto, mode));
  if (faults.length > 0) throw new ConfigError(faults);
  return deepFreeze(toConfig(dto, mode));
}

function faultsBetween(dto: EnvDto, mode: Mode): string[] {
  const faults: string[] = [];
  const isProduction = dto.NODE_ENV === 'production';
  if (mode === 'embedded' && dto.AMQP_URL !== undefined) {
    faults.push('AMQP_URL needs DATABASE_URL: several processes must share one PostgreSQL');
  }
  if (mode === 'embedded' && isProduction && !dto.BELLHOP_ALLOW_EMBEDDED) {
    faults.push(
      'NODE_ENV=production needs DATABASE_URL, or BELLHOP_ALLOW_EMBEDDED=1 to accept the embedded one',
    );
  }
  const {
    BELLHOP_LEASE_MIN_SECONDS: min,
    BELLHOP_LEASE_SECONDS: usual,
    BELLHOP_LEASE_MAX_SECONDS: max,
  } = dto;
  if (min > usual || usual > max) {
    faults.push(
      'BELLHOP_LEASE_SECONDS must lie between BELLHOP_LEASE_MIN_SECONDS and BELLHOP_LEASE_MAX_SECONDS',
    );
  }
  return faults;
}

function toConfig(dto: EnvDto, mode: Mode): AppConfig {
  const isProduction = dto.NODE_ENV === 'production';
  return {
    mode,
    isProduction,
    logLevel: dto.LOG_LEVEL,
    shutdownMs: dto.BELLHOP_SHUTDOWN_SECONDS * 1000,
    http: {
      port: dto.PORT,
      host: dto.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
      publicUrl: dto.PUBLIC_URL ?? null,
      pathAliases: list(dto.BELLHOP_PATH_ALIASES).map(aliasOf),
    },
    database: {
      url: dto.DATABASE_URL ?? null,
      dataDir: dto.DATA_DIR,
      maxConnections: dto.BELLHOP_DATABASE_CONNECTIONS,
    },
    amqp: { url: dto.AMQP_URL ?? null },
    access: { adminKey: dto.BELLHOP_ADMIN_KEY ?? null },
    secrets: { keyring: dto.BELLHOP_SECRET_KEYS ?? null },
    egress: {
      allowCidrs: list(dto.BELLHOP_ALLOW_CIDRS),
      allowPorts: list(dto.BELLHOP_ALLOW_PORTS).map(Number),
      allowHosts: list(dto.BELLHOP_ALLOW_HOSTS).map((host) => host.toLowerCase()),
      allowLoopback: !isProduction,
    },
    dispatch: { concurrency: dto.BELLHOP_CONCURRENCY, perSubscription: dto.BELLHOP_SUBSCRIPTION_CONCURRENCY },
    challenges: {
      reverifyEveryHours: dto.BELLHOP_REVERIFY_EVERY_HOURS,
      onLostConsent: dto.BELLHOP_REVERIFY_FAILED,
    },
    leases: {
      min: dto.BELLHOP_LEASE_MIN_SECONDS,
      usual: dto.BELLHOP_LEASE_SECONDS,
      max: dto.BELLHOP_LEASE_MAX_SECONDS,
    },
    retention: { attemptDays: dto.BELLHOP_ATTEMPT_RETENTION_DAYS },
    apiClient: { url: dto.BELLHOP_API_URL ?? null, key: dto.BELLHOP_API_KEY ?? null },
  };
}

function aliasOf(text: string): readonly [string, string] {
  const [from = '', to = ''] = text.split('=');
  return [from, to];
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',');
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFreeze(member as object);
  }
  return Object.freeze(value);
}
