export type Mode = 'embedded' | 'postgres' | 'full';

/** Which targets the guarded HTTP client may reach beside public addresses on ports 80 and 443. */
export interface EgressConfig {
  readonly allowCidrs: readonly string[];
  readonly allowPorts: readonly number[];
  readonly allowHosts: readonly string[];
  /** Development only: loopback on any port. Metadata addresses stay refused. */
  readonly allowLoopback: boolean;
}

/** The settings of one process: read once, validated, frozen. */
export class AppConfig {
  readonly mode!: Mode;
  readonly isProduction!: boolean;
  readonly logLevel!: string;
  readonly shutdownMs!: number;
  readonly http!: {
    readonly port: number;
    readonly host: string;
    readonly publicUrl: string | null;
    /** Paths of clients of other systems, and where they lead. */
    readonly pathAliases: readonly (readonly [from: string, to: string])[];
  };
  readonly database!: {
    readonly url: string | null;
    readonly dataDir: string;
    readonly maxConnections: number;
  };
  readonly amqp!: { readonly url: string | null };
  readonly access!: { readonly adminKey: string | null };
  readonly secrets!: { readonly keyring: string | null };
  readonly egress!: EgressConfig;
  readonly dispatch!: { readonly concurrency: number; readonly perSubscription: number };
  /** Receivers that are asked again: how often (0: never), and what becomes of those that fail. */
  readonly challenges!: {
    readonly reverifyEveryHours: number;
    readonly onLostConsent: 'disable' | 'pause' | 'notice';
  };
  /** Seconds for which a subscriber of the hub gets its topic: what it asks for, within bounds. */
  readonly leases!: { readonly min: number; readonly usual: number; readonly max: number };
  readonly retention!: { readonly attemptDays: number };
  /** How the guestbook and the inbox reach the API, which makes the key valid. */
  readonly apiClient!: { readonly url: string | null; readonly key: string | null };
}
