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

/** "Command complete" and "error response". */
const COMMITTED = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');
const LOST_SERVER = Buffer.from('E\0\0\0\x30SFATAL\0VFATAL\0C08P01\0Mserver conn crashed?\0\0', 'latin1');

export interface Pooler {
  port: number;
  /** Loses the connection to the server when it commits after a message with this text, without the answers since then. */
  loseServerAfter(text: string): void;
  close(): Promise<void>;
}

/**
 * Behaves like PgBouncer in transaction mode: most start-up parameters are dropped, and the process id is not that of the
 * server. The server's session is always the same, so that its remaining state is visible.
 */
export async function startPooler(target: NetConnectOpts): Promise<Pooler> {
  const sockets = new Set<Socket>();
  let fatal: string | null = null;
  const pooler = createServer((client) => {
    const server = connect(target);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => other.destroy());
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.end());
    const [sent, answered] = [new WireMessages(0), new WireMessages(1)];
    let isFirst = true;
    let isLosing = false;
    client.on('data', (chunk) => {
      for (const message of sent.add(chunk)) {
        if (fatal !== null && message.includes(fatal)) {
          fatal = null;
          isLosing = true;
        }
        server.write(isFirst ? withoutParameters(message) : message);
        isFirst = false;
      }
    });
    server.on('data', (chunk) => {
      for (const message of answered.add(chunk)) {
        if (isLosing && message.equals(COMMITTED)) {
          client.end(LOST_SERVER);
          server.destroy();
          return;
        }
        if (isLosing) continue;
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
    loseServerAfter: (text) => {
      fatal = text;
    },
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
