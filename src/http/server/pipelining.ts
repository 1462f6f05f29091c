import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Maximum number of pipelined requests of a connection. Clients that pipeline typically send about ten. */
export const PIPELINED_MAX = 64;

/**
 * Closes a connection that sends more requests without reading their responses. Node stops reading such a connection, but
 * thousands of requests may have arrived already, and their responses would be kept in memory.
 */
export function limitPipelining(server: Server): void {
  const waiting = new WeakMap<Socket, number>();
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const count = (waiting.get(socket) ?? 0) + 1;
    waiting.set(socket, count);
    response.once('close', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
    });
    if (count > PIPELINED_MAX) socket.destroy();
  });
}
