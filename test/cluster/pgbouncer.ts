import { freePort } from '../support/service-process.js';
import type { Daemon } from './daemon.js';
import { DATABASE, type PostgresServer, USER } from './postgres-server.js';
import type { Programs } from './programs.js';
import type { Workplace } from './workplace.js';

/** PgBouncer in transaction mode, with fewer connections to the server than the instances open to it. */
export async function startPgBouncer(
  { pgbouncer }: Programs,
  workplace: Workplace,
  { port: serverPort }: PostgresServer,
  password: string,
): Promise<{ daemon: Daemon; port: number }> {
  const port = await freePort();
  const users = await workplace.write('users.txt', `"${USER}" "${password}"\n`);
  const configuration = await workplace.write(
    'pgbouncer.ini',
    `[databases]
${DATABASE} = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
`,
  );
  const daemon = await workplace.serve(pgbouncer, [configuration], port, 'SIGTERM');
  return { daemon, port };
}
