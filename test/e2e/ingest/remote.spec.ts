import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CliResult, runCli } from '../../support/run-cli.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { createKey } from '../support/keys.js';
import { createLog, createReport } from './files.js';

let folder: string;
let app: TestApp;
let admin: string;
let limited: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-ingest-'));
  app = await startTestApp();
  admin = await createKey(app, { name: 'admin' });
  limited = await createKey(app, { name: 'limited', scope: 'write', agents: ['guardian'] });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const write = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
/** No database is configured, so that none can be used. */
const ingest = (args: string[], key = admin, url = app.url): Promise<CliResult> =>
  runCli(['ingest', ...args, '--url', url], { DATABASE_URL: 'postgresql://127.0.0.1:1/none', LVLUP_API_KEY: key });

/** Each command is a process of its own, which takes seconds on a busy machine. */
const SEVERAL_PROCESSES_MS = 120_000;

describe('ingest --url', () => {
  it(
    'records at the service, as the name of the key',
    async () => {
      const path = await write('report.xml', createReport(1_500));
      const first = await ingest([path, '--agent', 'guardian']);
      expect(first.stdout).toContain('1,500 cases recorded, 0 known before, 0 not recorded\n');
      expect(first).toMatchObject({ code: 0, stderr: '' });
      const second = await ingest([path, '--agent', 'guardian'], limited);
      expect(second.stdout).toContain('0 cases recorded, 1,500 known before, 0 not recorded\n');
      expect(
        await app.database.query(
          'SELECT DISTINCT actor FROM agent_events WHERE agent_type = $1 AND actor IS NOT NULL',
          ['guardian'],
        ),
      ).toEqual([{ actor: 'admin' }]);
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'reports results that the key must not record, a wrong key and a wrong URL',
    async () => {
      const path = await write('log.json', createLog(['C']));
      const refused = await ingest([path], limited);
      expect(refused.stdout).toContain('limited to other agents');
      expect(refused.code).toBe(1);
      const wrong = await ingest([path], 'wrong');
      expect(wrong.stderr).toMatch(/status 401: .*LVLUP_API_KEY/);
      expect(wrong.code).toBe(1);
      expect(await ingest([path], admin, `${app.url}/nowhere`)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('status 404'),
      });
      expect(await ingest([path], admin, 'metrics')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('--url must be'),
      });
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'repeats what failed for a temporary reason',
    async () => {
      const path = await write('retried.xml', createReport(3));
      const answers = [
        (_: string, response: ServerResponse) => response.destroy(),
        (_: string, response: ServerResponse) =>
          response.writeHead(503, { 'retry-after': '1' }).end('{"detail": "Overloaded."}'),
        (body: string, response: ServerResponse) => response.end(outcomesOf(body, 1)),
        (body: string, response: ServerResponse) => response.end(outcomesOf(body, 0)),
      ];
      const sizes: number[] = [];
      const server = await serve(async (request, response) => {
        const body = await text(request);
        sizes.push((JSON.parse(body) as unknown[]).length);
        answers.shift()?.(body, response);
      });
      const { port } = server.address() as AddressInfo;
      const { code, stdout, stderr } = await ingest([path, '--agent', 'a'], admin, `http://127.0.0.1:${port}`);
      server.close();
      expect(stdout).toContain('3 cases recorded, 0 known before, 0 not recorded\n');
      expect(code).toBe(0);
      expect(sizes).toEqual([3, 3, 3, 1]);
      expect(stderr).toMatch(/connection was closed .*Trying again in 1 s\.\n.*Overloaded\. Trying again in 2 s\./);
    },
    SEVERAL_PROCESSES_MS,
  );
});

/** Outcomes of a batch: these last ones are refused for the moment. */
function outcomesOf(body: string, refused: number): string {
  const items = JSON.parse(body) as { id: string; agent_type: string }[];
  const results = items.map(({ id, agent_type }, index) =>
    index < items.length - refused
      ? { index, id, agent_type, status: 'recorded', version: index + 1 }
      : { index, id, agent_type, status: 'refused', problem: { status: 503, detail: 'Write conflict.' } },
  );
  return JSON.stringify({ status: 'success', results });
}

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<Server> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
