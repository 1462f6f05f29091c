import { Server, type Socket } from 'node:net';
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * How long a connection without a request may stay open when no new ones are taken. A server that closes it at once
 * cuts the request that a client is just about to send on it: so it waits for that one, and answers that it was the last.
 */
const LINGER_MS = 1_000;
const POLL_MS = 10;

/** Ends HTTP without cutting a request. To be made before the server listens. */
export class HttpDrain {
  private readonly sockets = new Set<Socket>();
  private isEnding = false;

  constructor(private readonly fastify: FastifyInstance) {
    fastify.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    // When the answer is sent, not when the request arrives: those under way are the last of their connections too.
    fastify.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.isEnding) void reply.header('connection', 'close');
      done();
    });
  }

  /**
   * Takes requests for the delay as before, so that a load balancer can notice; then no new connections any more, and
   * waits until those that are open have had their answers. Every answer says that its connection closes.
   *
   * @param endStreams ends responses that would last until their clients disconnect
   * @param deadline when to cut what is not answered (milliseconds, as Date.now())
   * @returns how many connections were cut
   */
  async finish(delayMs: number, deadline: number, endStreams: () => void = () => undefined): Promise<number> {
    this.isEnding = true;
    await sleep(delayMs);
    // Then all connections are accepted that clients believe to have.
    await breathe();
    stopListening(this.fastify.server);
    endStreams();
    const lingerUntil = Date.now() + LINGER_MS;
    while (this.sockets.size > 0 && Date.now() < deadline) {
      await sleep(POLL_MS);
      if (Date.now() > lingerUntil) this.closeIdle();
    }
    const cut = this.sockets.size;
    for (const socket of this.sockets) socket.destroy();
    return cut;
  }

  private closeIdle(): void {
    this.fastify.server.closeIdleConnections();
    // To Node a connection that has not had its first request is not idle.
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}

/** As net.Server does: an HTTP server would close its idle connections at the same moment. */
function stopListening(server: Server): void {
  Server.prototype.close.call(server);
}
