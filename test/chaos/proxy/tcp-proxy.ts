import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Where bytes come from: the client, that is the platform, or the server behind the proxy. */
export type Side = 'client' | 'server';

interface Cut {
  readonly from: Side;
  bytesLeft: number;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Lies between the platform and one of its servers on loopback, and breaks the network as it is told. */
export class TcpProxy {
  /** Connections that were opened through it. */
  opened = 0;
  private readonly pairs = new Set<Pair>();
  private server: Server | null = null;
  private delayMs = 0;
  private isBlackhole = false;
  private cut: Cut | null = null;

  private constructor(
    private readonly target: { readonly host: string; readonly port: number },
    private port = 0,
  ) {}

  static async start(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.listen();
    return proxy;
  }

  /** The proxy in the place of the URL's host and port. */
  static async before(url: string): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
    const through = new URL(url);
    const proxy = await TcpProxy.start({ host: through.hostname, port: Number(through.port) });
    through.host = `127.0.0.1:${proxy.port}`;
    return { proxy, url: through.href };
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** Each chunk waits so long, in both directions. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Bytes vanish from now on, in both directions, and nobody is told. */
  blackhole(): void {
    this.isBlackhole = true;
  }

  /** After so many more bytes from this side, the connection that carries the last of them is reset. */
  cutAfter(bytes: number, from: Side): void {
    this.cut = { from, bytesLeft: bytes };
  }

  /** Every connection gets a reset, in both directions. */
  resetAll(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** The client is told that no more will come, while what it sends still arrives. */
  halfCloseAll(): void {
    for (const { client } of this.pairs) client.end();
  }

  /** New connections are refused, and the open ones reset. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
    this.resetAll();
    await closed;
  }

  /** As if nothing had been; what was swallowed stays lost. */
  async heal(): Promise<void> {
    const wasBlackhole = this.isBlackhole;
    this.isBlackhole = false;
    this.delayMs = 0;
    this.cut = null;
    // A stream with a hole in it is of no use to anybody.
    if (wasBlackhole) this.resetAll();
    if (this.server === null) await this.listen();
  }

  async stop(): Promise<void> {
    await this.refuse();
  }

  private async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.join(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as { port: number }).port;
    this.server = server;
  }

  private join(client: Socket): void {
    this.opened += 1;
    const server = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
    const pair = { client, server };
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    this.pipe('client', client, server);
    this.pipe('server', server, client);
  }

  private pipe(from: Side, source: Socket, sink: Socket): void {
    let order = Promise.resolve();
    const inTurn = (step: () => void): void => {
      const delayMs = this.delayMs;
      order = order.then(async () => {
        if (delayMs > 0) await pause(delayMs);
        step();
      });
    };
    source.on('data', (chunk: Buffer) => {
      if (this.isBlackhole) return;
      const passed = this.bytesBeforeCut(from, chunk.length);
      const isCut = passed < chunk.length;
      inTurn(() => {
        if (sink.writable && passed > 0) sink.write(chunk.subarray(0, passed));
        if (isCut) this.resetSoon(source, sink);
      });
    });
    source.on('end', () => inTurn(() => void (this.isBlackhole || sink.end())));
  }

  private bytesBeforeCut(from: Side, length: number): number {
    const { cut } = this;
    if (cut === null || cut.from !== from) return length;
    const passed = Math.min(length, cut.bytesLeft);
    cut.bytesLeft -= passed;
    if (passed < length) this.cut = null;
    return passed;
  }

  /** What was written before must have left, or the reset takes it along. */
  private resetSoon(...sockets: readonly Socket[]): void {
    setTimeout(() => sockets.forEach((socket) => socket.resetAndDestroy()), 20);
  }
}
