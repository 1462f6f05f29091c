import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { isCommit, isCommitted, WireMessages } from './wire-messages.js';

/** Fault of a connection at its COMMIT. */
export interface Strike {
  /** Whether the COMMIT reaches the server. Its answer does not reach the client in either case. */
  arrives: boolean;
  /** The client's connection is closed or reset, or it stays open and neither side hears of the other any more. */
  ending: 'close' | 'reset' | 'silence';
}

/** A TCP proxy before a PostgreSQL server that strikes a connection in the middle of a COMMIT. */
export interface CommitProxy {
  port: number;
  /** Strikes the next COMMIT, of whichever connection; resolves when it is done. */
  strikeNext(strike: Strike): Promise<void>;
  close(): Promise<void>;
}

interface PendingStrike extends Strike {
  done: () => void;
}

export async function startCommitProxy(target: NetConnectOpts): Promise<CommitProxy> {
  const sockets = new Set<Socket>();
  const strikes: PendingStrike[] = [];
  const proxy = createServer({ noDelay: true }, (client) => {
    const server = connect(target);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    new Link(client, server, () => strikes.shift());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (proxy.address() as AddressInfo).port,
    strikeNext: (strike) =>
      new Promise((done) => {
        strikes.push({ ...strike, done });
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** A client's connection through the proxy, and the server's. */
class Link {
  private isStruck = false;
  /** For the COMMIT that is under way. */
  private pending: PendingStrike | undefined;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly nextStrike: () => PendingStrike | undefined,
  ) {
    this.listen(client, server, new WireMessages(0), (message) => {
      this.takeFromClient(message);
    });
    this.listen(server, client, new WireMessages(1), (message) => {
      this.takeFromServer(message);
    });
  }

  private listen(socket: Socket, other: Socket, messages: WireMessages, take: (message: Buffer) => void): void {
    socket.on('data', (chunk: Buffer) => {
      for (const message of messages.add(chunk)) if (!this.isStruck) take(message);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!this.isStruck) other.destroy();
    });
  }

  private takeFromClient(message: Buffer): void {
    if (isCommit(message)) this.pending = this.nextStrike();
    if (this.pending?.arrives === false) this.strike(this.pending);
    else this.server.write(message);
  }

  private takeFromServer(message: Buffer): void {
    if (this.pending && isCommitted(message)) this.strike(this.pending);
    else this.client.write(message);
  }

  private strike({ ending, done }: PendingStrike): void {
    this.isStruck = true;
    if (ending !== 'silence') {
      if (ending === 'reset') this.client.resetAndDestroy();
      this.client.destroy();
      this.server.destroy();
    }
    done();
  }
}
