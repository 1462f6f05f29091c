import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Checks that the workers can listen, before they are started. Port 0 selects a free port: workers that are started later
 * must listen on the same one.
 *
 * @returns the port
 * @throws Error as that of a server that cannot listen
 */
export async function probePort(host: string, port: number): Promise<number> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return address.port;
}
