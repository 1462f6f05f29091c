import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CliResult, runCli } from '../support/run-cli.js';
import { startService, type ServiceProcess } from '../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let service: ServiceProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  service = await startService({ DATABASE_URL: database.url, CONNECTION_POOL_SIZE: '2', LOG_LEVEL: 'error' });
  for (const score of [90, 95]) await record('guardian', { passed: true, score, duration: 3, xp_awarded: 25 });
});
afterAll(async () => {
  await service.end('SIGTERM');
  await database.drop();
});

async function record(agentType: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(keys.admin && { authorization: `Bearer ${keys.admin}` }) };
  const url = `${service.url}/api/agent-metrics/${agentType}/custody-test`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`status ${response.status}`);
}

/** Keys, as soon as they exist. */
const keys: Partial<Record<'admin' | 'guardian' | 'other', string>> = {};
const createKey = async (name: keyof typeof keys, ...args: string[]): Promise<void> => {
  const { stdout } = await runCli(['keys', 'create', '--name', name, ...args], { DATABASE_URL: database.url });
  keys[name] = stdout.trim();
};

const gate = (...args: string[]): Promise<CliResult> => runCli(['gate', ...args], { DATABASE_URL: database.url });
/** Asks the service. No database is configured, so that none can be used. */
const remote = (args: string[], key?: string, url = service.url): Promise<CliResult> =>
  runCli(['gate', ...args, '--url', url], { DATABASE_URL: 'postgresql://127.0.0.1:1/none', LVLUP_API_KEY: key ?? '' });

interface Document {
  status: string;
  agent_type: string;
  eligibility: Record<string, { eligible: boolean; requirements: { code: string }[] }>;
}
const comparable = ({ stdout }: CliResult | { stdout: string }): Document => {
  const text = stdout
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"TIME"')
    .replaceAll(/"actual":[\d.]+,"unit":"seconds"/g, '"actual":0,"unit":"seconds"');
  return JSON.parse(text) as Document;
};

describe('the command gate', () => {
  it('ends with 0 if the agent can pass the gate, and prints each requirement', async () => {
    for (const result of [await gate('guardian', 'propose'), await remote(['guardian', 'propose'])]) {
      expect(result.stdout).toMatch(
        /^guardian can propose\.\n {2}met {4}tests passed: 2 tests \(required: at least 1 test\)\n/,
      );
      expect(result.stdout.split('\n')).toHaveLength(6);
      expect(result).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('ends with 1 if it cannot, and prints what is missing', async () => {
    for (const result of [await gate('guardian', 'level-up'), await remote(['guardian', 'level-up'])]) {
      expect(result.stdout).toMatch(/^guardian cannot level up: [12] of 4 requirements (is|are) unmet\.\n/);
      expect(result.stdout).toContain(
        '  UNMET  tests among the last 5: 2 tests (required: at least 3 tests; missing: 1 test)\n',
      );
      expect(result).toMatchObject({ code: 1, stderr: '' });
    }
  });

  it('prints what docs/ci.md shows', async () => {
    const shown = /^```console\n\$ npm run --silent cli -- (.*)\n([^]*?)^```$/m.exec(
      readFileSync('docs/ci.md', 'utf8'),
    );
    const { stdout } = await runCli(shown?.[1]?.split(' ') ?? [], { DATABASE_URL: database.url });
    expect(stdout).toBe(shown?.[2]);
  });

  it('prints the eligibility document as JSON, as the REST API returns it', async () => {
    const response = await fetch(`${service.url}/api/custody/agents/guardian/eligibility`);
    const expected = comparable({ stdout: await response.text() });
    expect(expected.eligibility['level_up']?.requirements).toHaveLength(4);
    for (const [name, code] of [
      ['propose', 0],
      ['level-up', 1],
    ] as const) {
      for (const result of [await gate('guardian', name, '--json'), await remote(['guardian', name, '--json'])]) {
        expect([result.code, comparable(result)]).toEqual([code, expected]);
      }
    }
  });

  it('ends with 2 if the agent does not exist', async () => {
    expect(await gate('nobody', 'propose')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('There is no agent "nobody"'),
    });
    const result = await remote(['nobody', 'propose', '--json']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/status 404: There is no agent "nobody"\. \(the agent or the path does not exist\)/);
  });

  it('ends with 2 if the database cannot be used', async () => {
    const variables = { DATABASE_URL: 'postgresql://127.0.0.1:1/none', DATABASE_CONNECT_TIMEOUT: '1' };
    const result = await runCli(['gate', 'guardian', 'propose'], variables);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).not.toBe('');
  });

  it.each([
    [['guardian'], "missing required argument 'gate'"],
    [['guardian', 'win'], 'Allowed choices are propose, level-up'],
    [['guardian', 'propose', '--timeout', '0'], 'must be a number of seconds'],
    [['guardian', 'propose', '--url', 'metrics.example.com'], '--url must be an http:// or https:// URL'],
    [['guardian', 'propose', '--url', 'https://key@metrics.example.com'], 'without credentials'],
    [['guardian', 'propose', '--url', 'http://127.0.0.1:1'], 'http://127.0.0.1:1 cannot be reached'],
  ])('ends with 2 when it is called %j', async (args, reason) => {
    expect(await gate(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(reason) });
  });
});

describe('the command gate with keys', () => {
  beforeAll(async () => {
    await createKey('admin', '--scope', 'admin');
    await createKey('guardian', '--scope', 'read', '--agents', 'guardian');
    await createKey('other', '--scope', 'admin', '--agents', 'other.*');
  });

  it('needs one', async () => {
    for (const key of [undefined, 'wrong']) {
      const result = await remote(['guardian', 'propose'], key);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(/status 401: .*\(LVLUP_API_KEY must contain a valid API key or token\)\n$/);
    }
  });

  it('works with a key that is limited to the agent', async () => {
    expect(await remote(['guardian', 'propose'], keys.guardian)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is refused with a key of other agents, and does not print the key', async () => {
    const result = await remote(['guardian', 'propose'], keys.other);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/status 403: The key or token is limited to other agents/);
    expect(result.stderr).not.toContain(keys.other);
  });

  it('refuses a key that no header can contain', async () => {
    const result = await remote(['guardian', 'propose'], 'two words');
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('LVLUP_API_KEY: must be') });
    expect(result.stderr).not.toContain('two words');
  });
});

describe('the command gate and another server', () => {
  let server: Server;
  let url: string;
  let body = '{}';
  const received: (string | undefined)[] = [];
  beforeAll(async () => {
    server = createServer(({ url: path = '', headers }, response) => {
      received.push(headers.authorization);
      if (path.startsWith('/moved/')) response.writeHead(301, { location: `${service.url}${path.slice(6)}` }).end();
      else response.setHeader('content-type', 'application/json').end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('does not follow redirects', async () => {
    const result = await remote(['guardian', 'propose'], keys.guardian, `${url}/moved`);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(`redirects to ${service.url} (status 301)`);
  });

  it.each(['{}', 'null', '[]', '"guardian"', '{"agent_type": "guardian", "eligibility": {}}'])(
    'ends with 2 if the response is %s',
    async (text) => {
      body = text;
      const result = await remote(['guardian', 'propose', '--json'], keys.guardian, url);
      expect(result).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('is not an eligibility document'),
      });
    },
  );

  it('ends with 2 if the response is of another agent, or contradicts itself', async () => {
    const real = await remote(['guardian', 'propose', '--json'], keys.guardian);
    const document = JSON.parse(real.stdout) as Document;
    body = JSON.stringify({ ...document, agent_type: 'imperium' });
    expect((await remote(['guardian', 'propose'], undefined, url)).code).toBe(2);
    const level_up = { ...document.eligibility['level_up'], eligible: true };
    body = JSON.stringify({ ...document, eligibility: { ...document.eligibility, level_up } });
    expect((await remote(['guardian', 'level-up'], undefined, url)).code).toBe(2);
    body = JSON.stringify(document);
    expect((await remote(['guardian', 'propose'], undefined, url)).code).toBe(0);
  });
});
