import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An HTTP proxy before several instances that sends a request on when its connection is refused, and never otherwise. */
export interface RetryingProxy {
  url: string;
  /** Why requests got no answer of an instance: one line for each. */
  readonly cut: string[];
  close(): Promise<void>;
}

/** @param targets URLs of the instances, which take turns; connections to them are kept open */
export async function startRetryingProxy(targets: readonly string[]): Promise<RetryingProxy> {
  const agent = new Agent({ keepAlive: true });
  const cut: string[] = [];
  let turn = 0;
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const first = turn++;
    for (let attempt = 0; ; attempt++) {
      try {
        const answered = await forward(targets[(first + attempt) % targets.length] ?? '', agent, incoming, body);
        outgoing.writeHead(answered.status, { 'content-type': 'application/json' }).end(answered.body);
        return;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ECONNREFUSED' && attempt + 1 < targets.length) continue;
        cut.push(message);
        outgoing.writeHead(502).end();
        return;
      }
    }
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(
  target: string,
  agent: Agent,
  { method, url = '', headers }: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sending = request(`${target}${url}`, {
      agent,
      method,
      headers: { 'content-type': headers['content-type'], 'content-length': body.length },
    });
    sending.on('error', reject);
    sending.on('response', (response) => {
      buffer(response).then((received) => {
        resolve({ status: response.statusCode ?? 0, body: received });
      }, reject);
    });
    sending.end(body);
  });
}
