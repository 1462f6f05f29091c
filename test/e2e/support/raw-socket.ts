import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: string;
  body: string;
}

/** Writes bytes to the server as they are, and reads until it closes the connection. Null when it answered nothing. */
export async function sendRaw(url: string, bytes: string | Buffer, halfClose = false): Promise<RawAnswer | null> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => {
    // A server that refuses early may reset the connection while we still write.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      resolve();
    });
  });
  await once(socket, 'connect');
  socket.write(bytes);
  if (halfClose) socket.end();
  await closed;
  return parsed(Buffer.concat(chunks).toString('utf8'));
}

function parsed(text: string): RawAnswer | null {
  const match = /^HTTP\/1\.1 (\d{3})[^\r]*\r\n(.*?)\r\n\r\n(.*)$/s.exec(text);
  return match ? { status: Number(match[1]), headers: match[2] ?? '', body: match[3] ?? '' } : null;
}
