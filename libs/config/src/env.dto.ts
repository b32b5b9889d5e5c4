import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min, MinLength } from 'class-validator';
import { Setting } from './setting.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOST_CONSENT = ['disable', 'pause', 'notice'] as const;
const CIDR_LIST = /^[0-9a-fA-F.:]+\/\d{1,3}(,[0-9a-fA-F.:]+\/\d{1,3})*$/;
const PORT_LIST = /^\d{1,5}(,\d{1,5})*$/;
const HOST_LIST = /^[a-zA-Z0-9.-]+(,[a-zA-Z0-9.-]+)*$/;
const PATH_ALIASES = /^(\/[\w.~-]+)+=(\/[\w.~-]+)+(,(\/[\w.~-]+)+=(\/[\w.~-]+)+)*$/;
const KEYRING = /^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=(,[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=)*$/;

const toNumber = Transform(({ value }) => (typeof value === 'string' ? Number(value) : (value as unknown)));
const toBoolean = Transform(({ value }) =>
  value === '1' || value === 'true' ? true : value === '0' || value === 'false' ? false : (value as unknown),
);

/** Every environment variable that Bellhop reads; `.env.example` is generated from this class. */
export class EnvDto {
  @Setting('Port of the HTTP server.', '3000')
  @toNumber
  @IsInt()
  @Min(0)
  @Max(65535)
  PORT = 3000;

  @Setting('Address to listen on. Production listens everywhere, development on loopback only.')
  @IsOptional()
  @Matches(/^[0-9a-fA-F.:]+$|^localhost$/, { message: 'HOST must be an IP address or localhost' })
  HOST?: string;

  @Setting('Address under which others reach this server; links and the demo inbox use it.')
  @IsOptional()
  @Matches(/^https?:\/\/[^\s/]+$/, {
    message: 'PUBLIC_URL must look like https://hooks.example.org, without a path',
  })
  PUBLIC_URL?: string;

  @Setting(
    'Paths under which clients of other systems look for theirs, e.g. /v1/accounts=/compat/kloudless/v1/accounts.',
  )
  @IsOptional()
  @Matches(PATH_ALIASES, { message: 'BELLHOP_PATH_ALIASES must look like /from=/to[,…]' })
  BELLHOP_PATH_ALIASES?: string;

  @Setting('Folder of the embedded PostgreSQL and its keys (embedded mode).', './data')
  @MinLength(1)
  DATA_DIR = './data';

  @Setting('PostgreSQL 15 or newer. Unset: an embedded PostgreSQL in DATA_DIR.')
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/.+/, { message: 'DATABASE_URL must begin with postgres://' })
  DATABASE_URL?: string;

  @Setting('RabbitMQ. Unset: work is handed over in memory; nothing is lost, PostgreSQL holds the truth.')
  @IsOptional()
  @Matches(/^amqps?:\/\/.+/, { message: 'AMQP_URL must begin with amqp:// or amqps://' })
  AMQP_URL?: string;

  @Setting('Admin API key, at least 32 characters. Unset: the first start makes one and prints it once.')
  @IsOptional()
  @MinLength(32, { message: 'BELLHOP_ADMIN_KEY must have at least 32 characters' })
  BELLHOP_ADMIN_KEY?: string;

  @Setting(
    'Keys for secrets at rest, id:base64-of-32-bytes[,…]; the first one encrypts. Embedded mode makes its own.',
  )
  @IsOptional()
  @Matches(KEYRING, { message: 'BELLHOP_SECRET_KEYS must look like id:base64-of-32-bytes[,…]' })
  BELLHOP_SECRET_KEYS?: string;

  @Setting('Networks that subscribers may live in although they are not public, e.g. 10.1.0.0/16.')
  @IsOptional()
  @Matches(CIDR_LIST, { message: 'BELLHOP_ALLOW_CIDRS must look like 10.1.0.0/16,fd00:1::/64' })
  BELLHOP_ALLOW_CIDRS?: string;

  @Setting('Ports that subscribers may use beside 80 and 443, e.g. 8080,8443.')
  @IsOptional()
  @Matches(PORT_LIST, { message: 'BELLHOP_ALLOW_PORTS must look like 8080,8443' })
  BELLHOP_ALLOW_PORTS?: string;

  @Setting(
    'Internal host names that subscribers may use, e.g. inbox; their addresses must be in BELLHOP_ALLOW_CIDRS.',
  )
  @IsOptional()
  @Matches(HOST_LIST, { message: 'BELLHOP_ALLOW_HOSTS must look like inbox,hooks.internal' })
  BELLHOP_ALLOW_HOSTS?: string;

  @Setting('Set to 1 to run the embedded PostgreSQL although NODE_ENV is production.')
  @IsOptional()
  @toBoolean
  @IsBoolean({ message: 'BELLHOP_ALLOW_EMBEDDED must be 1 or 0' })
  BELLHOP_ALLOW_EMBEDDED = false;

  @Setting('HTTP requests in flight at once in one dispatcher.', '100')
  @toNumber
  @IsInt()
  @Min(1)
  @Max(5000)
  BELLHOP_CONCURRENCY = 100;

  @Setting('HTTP requests in flight at once to one subscription, unless it sets maxInFlight itself.', '8')
  @toNumber
  @IsInt()
  @Min(1)
  @Max(500)
  BELLHOP_SUBSCRIPTION_CONCURRENCY = 8;

  @Setting('Seconds that a stop may take to finish what is in flight.', '20')
  @toNumber
  @IsInt()
  @Min(0)
  @Max(600)
  BELLHOP_SHUTDOWN_SECONDS = 20;

  @Setting('Connections to PostgreSQL that one process may open.', '14')
  @toNumber
  @IsInt()
  @Min(4)
  @Max(200)
  BELLHOP_DATABASE_CONNECTIONS = 14;

  @Setting('Days for which attempts are kept, by the UTC day; older days are dropped whole.', '30')
  @toNumber
  @IsInt()
  @Min(1)
  @Max(3650)
  BELLHOP_ATTEMPT_RETENTION_DAYS = 30;

  @Setting(
    'Hours after which a receiver is asked again whether it wants its events; 0: never. A subscription may say otherwise.',
    '0',
  )
  @toNumber
  @IsInt()
  @Min(0)
  @Max(8760)
  BELLHOP_REVERIFY_EVERY_HOURS = 0;

  @Setting(
    'What becomes of a subscription whose receiver fails that three times in a row: disable, pause, or notice (go on).',
    'disable',
  )
  @IsIn(LOST_CONSENT)
  BELLHOP_REVERIFY_FAILED: (typeof LOST_CONSENT)[number] = 'disable';

  @Setting(
    'Seconds that a subscriber of the WebSub hub has its topic for if it names no time; it renews.',
    '864000',
  )
  @toNumber
  @IsInt()
  @Min(60)
  @Max(31_536_000)
  BELLHOP_LEASE_SECONDS = 864_000;

  @Setting('The least that such a subscriber gets, whatever it names.', '300')
  @toNumber
  @IsInt()
  @Min(60)
  @Max(31_536_000)
  BELLHOP_LEASE_MIN_SECONDS = 300;

  @Setting('The most that such a subscriber gets.', '2592000')
  @toNumber
  @IsInt()
  @Min(60)
  @Max(31_536_000)
  BELLHOP_LEASE_MAX_SECONDS = 2_592_000;

  @Setting('Where the guestbook and the inbox find the API, when they run as processes of their own.')
  @IsOptional()
  @Matches(/^https?:\/\/[^\s/]+$/, {
    message: 'BELLHOP_API_URL must look like http://api:3000, without a path',
  })
  BELLHOP_API_URL?: string;

  @Setting(
    'API key of the guestbook and the inbox, at least 32 characters; the API makes it one of role manager.',
  )
  @IsOptional()
  @MinLength(32, { message: 'BELLHOP_API_KEY must have at least 32 characters' })
  BELLHOP_API_KEY?: string;

  @Setting(
    'development, production or test. Production refuses loopback targets and the embedded database.',
    'development',
  )
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'development';

  @Setting('fatal, error, warn, info, debug, trace or silent.', 'info')
  @IsIn(LOG_LEVELS)
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';
}
