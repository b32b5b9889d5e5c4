import type { Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { tlsFault } from './error-codes.js';
import { type Fault, OpeningError } from './failure.js';
import type { Opening } from './opening.js';
import type { Target } from './target.js';

const HANDSHAKE_DEADLINE_MS = 5000;
const MAX_SESSIONS = 1000;

/** Our side of every TLS connection: one context for all of them, as building one costs as much as a handshake. */
export class TlsClient {
  readonly #authorities: readonly string[];
  readonly #sessions = new Map<string, Buffer>();
  #context: SecureContext | undefined;

  constructor(authorities: readonly string[] = []) {
    this.#authorities = authorities;
  }

  /** Shakes hands over a connected socket; `key` says whose earlier session may be resumed. */
  secure(socket: Socket, target: Target, key: string, opening: Opening): Promise<TLSSocket> {
    const secured = connect({
      socket,
      secureContext: this.#secureContext(),
      host: target.host,
      servername: target.kind === 'address' ? '' : target.host,
      session: this.#sessions.get(key),
      ALPNProtocols: ['http/1.1'],
    });
    secured.on('session', (session) => this.#remember(key, session));
    opening.watch(secured);
    return handshake(secured);
  }

  #remember(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value ?? '');
  }

  #secureContext(): SecureContext {
    this.#context ??= createSecureContext({
      minVersion: 'TLSv1.2',
      ...(this.#authorities.length > 0 ? { ca: [...rootCertificates, ...this.#authorities] } : {}),
    });
    return this.#context;
  }
}

function handshake(socket: TLSSocket): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const fail = (fault: Fault): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new OpeningError(fault));
    };
    const timer = setTimeout(fail, HANDSHAKE_DEADLINE_MS, {
      errorType: 'tls_handshake_timeout',
      phase: 'tls',
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Stays for the socket's life: an error without a listener would end the process.
    socket.on('error', (error) => fail(tlsFault(error)));
    socket.once('close', () => fail({ errorType: 'tls_other', phase: 'tls' }));
  });
}
