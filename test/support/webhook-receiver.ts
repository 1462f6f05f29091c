import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** A message as it was received. */
export interface ReceivedMessage {
  id: string;
  headers: Record<string, string>;
  text: string;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
  /** Whether the response was 2xx. */
  accepted: boolean;
}

/** Response to a message: a status, or `hang` or `die` without one. */
export type Reaction = number | 'hang' | 'die' | { status: number; headers: Record<string, string> };

/** A receiver of webhooks on this machine. */
export interface WebhookReceiver {
  url: string;
  /** All messages in the order of arrival. */
  received: ReceivedMessage[];
  /** Chooses the response. Default: 204. */
  react: (message: ReceivedMessage) => Reaction | Promise<Reaction>;
  /** Accepted messages, as type, agent and version. */
  accepted(): string[];
  /** Waits until the condition holds. */
  until(condition: () => boolean, limitMs?: number): Promise<void>;
  /** Verifies the signatures of all messages with the library's verifier. Throws if one is invalid. */
  verify(secret: string): number;
  close(): Promise<void>;
}

/** @param port default: a free one */
export async function startReceiver(port = 0): Promise<WebhookReceiver> {
  const receiver: WebhookReceiver = {
    url: '',
    received: [],
    react: () => 204,
    accepted: () => receiver.received.filter(({ accepted }) => accepted).map(nameOf),
    until: async (condition, limitMs = 20_000) => {
      const until = performance.now() + limitMs;
      while (!condition()) {
        if (performance.now() > until) {
          throw new Error(`the condition did not hold in time; received: ${receiver.received.map(nameOf).join(', ')}`);
        }
        await sleep(20);
      }
    },
    verify: (secret) => {
      for (const { text: body, headers } of receiver.received) new Webhook(secret).verify(body, headers);
      return receiver.received.length;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response) => {
    void respond(receiver, request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return receiver;
}

export function nameOf({ body: { type, data } }: Pick<ReceivedMessage, 'body'>): string {
  return `${type} ${String(data['agent_type'])} ${String(data['version'])}`;
}

async function respond(receiver: WebhookReceiver, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request).catch(() => null);
  if (body === null) return;
  const headers = request.headers as Record<string, string>;
  const message = {
    id: headers['webhook-id'] ?? '',
    headers,
    text: body,
    body: JSON.parse(body) as ReceivedMessage['body'],
    accepted: false,
  };
  receiver.received.push(message);
  const reaction = await receiver.react(message);
  if (reaction === 'hang') return;
  if (reaction === 'die') {
    request.socket.destroy();
    return;
  }
  const { status, headers: sent = {} } = typeof reaction === 'number' ? { status: reaction } : reaction;
  message.accepted = status >= 200 && status < 300;
  response.writeHead(status, sent).end();
}
