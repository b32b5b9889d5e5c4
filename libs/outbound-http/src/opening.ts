import type { ConnectOpts, Socket } from 'node:net';
import { type Fault, OpeningError } from './failure.js';
import { Inlet } from './inlet.js';

const TIMEOUTS = {
  resolve: 'dns_timeout',
  connect: 'connect_timeout',
  tls: 'tls_handshake_timeout',
} as const;

/** Where the opening of one connection stands: the exchange that waits for it reads this when its time is over. */
export class Opening {
  phase: 'resolve' | 'connect' | 'tls' = 'resolve';
  resolveMs: number | null = null;
  connectMs: number | null = null;
  tlsMs: number | null = null;
  remoteAddress: string | null = null;
  readonly inlet = new Inlet();
  #socket: Socket | null = null;
  #isCancelled = false;

  constructor(private readonly isTls: boolean) {}

  /** TLS reads from the socket by itself, so that only a plain one is read directly. */
  get reading(): Pick<ConnectOpts, 'onread'> {
    return this.isTls ? {} : { onread: this.inlet.direct() };
  }

  /** What it means that the time is over now. */
  get timeout(): Fault {
    return { errorType: TIMEOUTS[this.phase], phase: this.phase };
  }

  /** Notes the socket that a cancellation must close. */
  watch(socket: Socket): void {
    this.#socket = socket;
  }

  /** Nobody waits for this connection any more. */
  cancel(): void {
    this.#isCancelled = true;
    this.#socket?.destroy();
  }

  /** To be called after every wait: what was cancelled must not open anything further. */
  assertWanted(): void {
    if (this.#isCancelled) throw new OpeningError({ errorType: 'aborted', phase: this.phase });
  }
}
