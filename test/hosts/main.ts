import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackage } from '../support/packed-package.js';
import { startTestCluster } from '../support/test-cluster.js';
import { createTestDatabase, EMPTY_TEMPLATE } from '../support/test-database.js';
import { Installation } from './installation.js';
import { HOSTS, listFormats } from './matrix.js';

/** Sources of the host application. Its `check.ts` gets the platform as an argument, and DATABASE_URL of an empty database. */
const HOST_APP = 'examples/host-app';

/** Installs the packed library in hosts of all kinds, runs the host application in each, and prints the results. */
async function main(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'lvlup-hosts-'));
  const server = await startTestCluster();
  process.env['TEST_SERVER'] = server.url;
  try {
    const { tarball } = await packPackage(folder);
    const results: Record<string, string>[] = [];
    for (const host of HOSTS) {
      const { nest, platform } = host;
      const installation = await Installation.create(join(folder, String(HOSTS.indexOf(host))), host, tarball);
      await installation.checkPackages();
      for (const format of listFormats()) {
        const database = await createTestDatabase(EMPTY_TEMPLATE);
        const failure = await installation.runHost(HOST_APP, format, database.url).catch((error: unknown) => error);
        await database.drop();
        if (failure !== undefined) console.error(failure);
        results.push({ nest, platform, format, result: failure === undefined ? 'passed' : 'failed' });
      }
    }
    console.table(results);
    return results.every(({ result }) => result === 'passed');
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

main().then(
  (passed) => process.exit(passed ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
