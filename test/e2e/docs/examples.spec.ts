import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServiceProcess, startService } from '../../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { documentsWithExamples, readExamples } from './examples.js';
import { compared } from './expected-response.js';
import { openShell, type Shell } from './shell.js';

const DOCUMENTED_URL = 'http://127.0.0.1:8000';

describe('the documents with examples', () => {
  it('include the README and the tour', () => {
    expect(documentsWithExamples()).toEqual(expect.arrayContaining(['README.md', 'docs/api-tour.md']));
  });
});

/** Each document's commands run in their order, against a service on a database of its own. */
describe.each(documentsWithExamples())('the examples of %s', (document) => {
  let database: TestDatabase;
  let service: ServiceProcess;
  let shell: Shell;
  beforeAll(async () => {
    database = await createTestDatabase();
    service = await startService({ DATABASE_URL: database.url, CONNECTION_POOL_SIZE: '2', LOG_LEVEL: 'error' });
    shell = await openShell();
  });
  afterAll(async () => {
    await service.end('SIGTERM');
    await database.drop();
    await shell.remove();
  });

  it.each(readExamples(document))('line $line', async ({ command, response }) => {
    const { code, stdout, stderr } = await shell.run(command.replaceAll(DOCUMENTED_URL, service.url));
    expect({ code, ...(code !== 0 && { stderr }) }).toEqual({ code: 0 });
    if (response === null) return;
    const { documented, actual } = compared(response, stdout);
    expect(actual).toEqual(documented);
  });
});
