import { connect, createServer, type AddressInfo, type NetConnectOpts, type Socket } from 'node:net';
import { WireMessages } from '../crash/wire-messages.js';

/** Start-up parameters that PgBouncer passes on. */
const PASSED_ON = [
  'user',
  'database',
  'client_encoding',
  'datestyle',
  'timezone',
  'standard_conforming_strings',
  'application_name',
];
/** "Backend key data": type, length, process id, secret. */
const BACKEND_KEY = 'K';
const PROCESS_ID_AT = 5;
const MADE_UP_PROCESS_ID = 0x7fff_fff1;
/** Length and version of the protocol. */
const HEAD_LENGTH = 8;

export interface Pooler {
  port: number;
  close(): Promise<void>;
}

/**
 * Behaves like PgBouncer in transaction mode: most start-up parameters are dropped, and the process id is not that of the
 * server. The server's session is always the same, so that its remaining state is visible.
 */
export async function startPooler(target: NetConnectOpts): Promise<Pooler> {
  const sockets = new Set<Socket>();
  const pooler = createServer((client) => {
    const server = connect(target);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
    const [sent, answered] = [new WireMessages(0), new WireMessages(1)];
    let isFirst = true;
    client.on('data', (chunk) => {
      for (const message of sent.add(chunk)) {
        server.write(isFirst ? withoutParameters(message) : message);
        isFirst = false;
      }
    });
    server.on('data', (chunk) => {
      for (const message of answered.add(chunk)) {
        if (message.toString('latin1', 0, 1) === BACKEND_KEY) message.writeUInt32BE(MADE_UP_PROCESS_ID, PROCESS_ID_AT);
        client.write(message);
      }
    });
  });
  await new Promise<void>((resolve) => {
    pooler.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (pooler.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => pooler.close(resolve));
    },
  };
}

function withoutParameters(startUp: Buffer): Buffer {
  const words = startUp.toString('utf8', HEAD_LENGTH).split('\0');
  const kept = [];
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [name = '', value = ''] = words.slice(index, index + 2);
    if (PASSED_ON.includes(name.toLowerCase())) kept.push(name, value);
  }
  const content = Buffer.from(`${kept.join('\0')}\0\0`);
  const head = Buffer.from(startUp.subarray(0, HEAD_LENGTH));
  head.writeUInt32BE(HEAD_LENGTH + content.length);
  return Buffer.concat([head, content]);
}
