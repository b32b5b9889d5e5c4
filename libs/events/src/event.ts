/** An event as the platform carries it. `data` holds the publisher's JSON bytes; they are never serialised again. */
export interface BellhopEvent {
  /** UUID; shown as `evt_…`. */
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly subject: string | null;
  /** When it happened, in the publisher's words. */
  readonly timestamp: Date;
  readonly data: Buffer;
}

/** An event as an application publishes it. What is left out is filled in: id, time, default tenant. */
export interface NewEvent {
  readonly type: string;
  readonly data: unknown;
  readonly id?: string;
  readonly subject?: string;
  readonly timestamp?: Date;
  readonly tenantId?: string;
}
