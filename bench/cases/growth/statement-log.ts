import type { Platform } from '../../case.js';

/** Milliseconds inside PostgreSQL. */
export interface StatementTimes {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Reads from PostgreSQL's log how long a prepared statement took each time. */
export class StatementLog {
  private constructor(
    private readonly platform: Platform,
    private readonly from: number,
  ) {}

  /** Makes PostgreSQL log all statements; null where it is not ours and may not be read. */
  static async begin(platform: Platform): Promise<StatementLog | null> {
    try {
      const [row] = await platform.query<{ size: string }>(`SELECT size FROM pg_stat_file(${FILE})`);
      await setLogging(platform, 0);
      return new StatementLog(platform, Number(row?.size ?? 0));
    } catch {
      return null;
    }
  }

  async timesOf(statement: string): Promise<StatementTimes> {
    const sql = `SELECT pg_read_file(${FILE}, $1::bigint, $2::bigint) AS text`;
    const [row] = await this.platform.query<{ text: string }>(sql, [this.from, MAX_BYTES]);
    const line = new RegExp(`duration: ([\\d.]+) ms {2}execute ${statement}:`, 'g');
    return summary([...(row?.text ?? '').matchAll(line)].map(([, ms]) => Number(ms)));
  }

  end(): Promise<void> {
    return setLogging(this.platform, -1);
  }
}

/** The server of the benchmark writes its log beside its folder. */
const FILE = `regexp_replace(current_setting('data_directory'), '[^/]+$', 'postgres.log')`;
const MAX_BYTES = 256 * 1024 * 1024;

async function setLogging(platform: Platform, longerThanMs: number): Promise<void> {
  await platform.query(`ALTER SYSTEM SET log_min_duration_statement = ${longerThanMs}`);
  await platform.query('ALTER SYSTEM SET log_parameter_max_length = 0');
  await platform.query('SELECT pg_reload_conf()');
}

function summary(times: readonly number[]): StatementTimes {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
