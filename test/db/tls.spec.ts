import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { selectClientClass, buildClientConfig } from '../../src/database/client/client.js';
import { runSql } from '../support/run-sql.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';

/** Who may come in over TCP, by database: each shows another way to authenticate. */
const HOST_RULES = `
hostssl   scram   tester 127.0.0.1/32 scram-sha-256
hostssl   plain   tester 127.0.0.1/32 password
hostssl   trusted tester 127.0.0.1/32 trust
hostnossl open    tester 127.0.0.1/32 scram-sha-256
hostssl   hashed  old    127.0.0.1/32 md5
local     all     all                 trust
`;

let cluster: TestCluster;
let folder: string;
let certificate: string;
beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  folder = await mkdtemp(join(tmpdir(), 'lvlup-tls-'));
  certificate = join(folder, 'root.crt');
  await writeFile(certificate, cert);
  cluster = await startTestCluster({ tls: { certificate: cert, key } });
  await writeFile(join(cluster.dataDir, 'pg_hba.conf'), HOST_RULES);
  await runSql(
    parseDatabaseUrl(cluster.url),
    ...['scram', 'plain', 'trusted', 'open', 'hashed'].map((name) => `CREATE DATABASE ${name}`),
    "CREATE ROLE tester LOGIN PASSWORD 'pw'",
    "SET password_encryption = 'md5'",
    "CREATE ROLE old LOGIN PASSWORD 'pw'",
    'SELECT pg_reload_conf()',
  );
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Whether a connection by this URL is encrypted; throws when there is none. */
async function encryptedBy(userAndHost: string, databaseAndParameters: string): Promise<boolean> {
  const [user, host] = userAndHost.split('@');
  const path = databaseAndParameters.replace('ROOT', certificate);
  const connection = parseDatabaseUrl(`postgresql://${user}:pw@${host}:${cluster.tcpPort}/${path}`);
  const client = new (selectClientClass(connection))(buildClientConfig(connection));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    return rows[0]?.ssl === true;
  } finally {
    await client.end();
  }
}

describe('DATABASE_URL over TCP', () => {
  it.each([
    ['tester@127.0.0.1', 'scram?sslmode=require', true],
    ['tester@127.0.0.1', 'scram?ssl=require', true],
    ['tester@127.0.0.1', 'scram?sslmode=require&channel_binding=require', true],
    ['tester@127.0.0.1', 'scram?sslmode=require&channel_binding=disable', true],
    ['tester@127.0.0.1', 'scram?sslmode=verify-ca&sslrootcert=ROOT', true],
    ['tester@localhost', 'scram?sslmode=verify-full&sslrootcert=ROOT', true],
    ['tester@127.0.0.1', 'plain?sslmode=require', true],
    ['tester@127.0.0.1', 'trusted?sslmode=require', true],
    ['old@127.0.0.1', 'hashed?sslmode=require', true],
    ['tester@127.0.0.1', 'open?sslmode=disable', false],
    ['tester@127.0.0.1', 'open', false],
  ])('%s %s connects, encrypted: %s', async (user, path, encrypted) => {
    expect(await encryptedBy(user, path)).toBe(encrypted);
  });

  it.each([
    ['tester@127.0.0.1', 'scram', /no encryption/],
    ['tester@127.0.0.1', 'open?sslmode=require', /SSL encryption/],
    ['tester@127.0.0.1', 'scram?sslmode=verify-full', /self-signed certificate/],
    ['tester@127.0.0.1', 'scram?sslmode=verify-full&sslrootcert=ROOT', /does not match certificate's altnames/],
    ['tester@127.0.0.1', 'plain?sslmode=require&channel_binding=require', /without channel binding/],
    ['tester@127.0.0.1', 'trusted?sslmode=require&channel_binding=require', /without channel binding/],
    ['old@127.0.0.1', 'hashed?sslmode=require&channel_binding=require', /without channel binding/],
  ])('%s %s is refused', async (user, path, reason) => {
    await expect(encryptedBy(user, path)).rejects.toThrow(reason);
  });
});
