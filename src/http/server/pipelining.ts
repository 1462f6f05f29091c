import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Most requests of a connection that wait for their answers to be sent. Programs that pipeline at all send some ten. */
export const PIPELINED_MAX = 64;

/**
 * Ends a connection that sends more requests without reading their answers. Node reads no more of such a connection, but
 * what has arrived is some thousand requests, whose answers would all be kept until somebody reads them.
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
