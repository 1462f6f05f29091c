import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostmaster } from 'lvlup-embedded-postgres/testing';
import { runCli } from '../support/run-cli.js';
import { runUntilExit, type ServiceProcess, startService } from '../support/service-process.js';
import { until } from './support/until.js';

const RESULT = { passed: true, score: 95, duration: 120, xp_awarded: 25 };

let folder: string;
const started: ServiceProcess[] = [];
const start = async (variables: Record<string, string> = {}) => {
  const service = await startService({ DATA_DIR: join(folder, 'data'), ...variables });
  started.push(service);
  return service;
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-process-'));
  // As root the server runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const service of started.splice(0)) await service.end('SIGTERM').catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function record(url: string): Promise<unknown> {
  const response = await fetch(`${url}/api/agent-metrics/guardian/custody-test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(RESULT),
  });
  return response.json();
}

describe('the service on its embedded database', () => {
  it('logs its address, serves its docs, and keeps its data after SIGTERM and SIGKILL', async () => {
    const first = await start();
    expect(first.output()).toContain(`${first.url}/api/agent-metrics`);
    expect(first.output()).toContain(`${first.url}/docs`);
    expect(first.output()).toContain(join(folder, 'data'));

    const page = await fetch(`${first.url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
    const document: unknown = await (await fetch(`${first.url}/docs-json`)).json();
    expect(document).toEqual(JSON.parse(await readFile('openapi.json', 'utf8')));

    await record(first.url);
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
    started.splice(0);

    const second = await start();
    expect(await record(second.url)).toMatchObject({ updated_custody_metrics: { total_tests_given: 2 } });
    await second.end('SIGKILL');
    started.splice(0);

    const third = await start();
    expect(await record(third.url)).toMatchObject({
      updated_custody_metrics: { total_tests_given: 3, custody_xp: 75 },
    });
  });

  it('refuses a data folder that another process uses, and does not affect that one', async () => {
    const owner = await start();
    const { code, output } = await runUntilExit({ DATA_DIR: join(folder, 'data'), PORT: '0' });
    expect(code).toBe(1);
    expect(output).toContain(join(folder, 'data'));
    expect(await record(owner.url)).toMatchObject({ status: 'success' });
  });
});

describe('the embedded database server ends', () => {
  const killDatabase = async () => {
    const postmaster = await findPostmaster(join(folder, 'data', 'postgres'));
    if (!postmaster) throw new Error('no server runs');
    process.kill(postmaster.pid, 'SIGKILL');
  };
  const readiness = async (url: string) => {
    const response = await fetch(`${url}/health/ready`);
    return { status: response.status, body: (await response.json()) as { reason?: string } };
  };

  it('and the service restarts it, logs that, and continues', async () => {
    const service = await start();
    await record(service.url);
    await killDatabase();
    await until(() => service.output().includes('is running again'));
    expect((await readiness(service.url)).status).toBe(200);
    expect(await record(service.url)).toMatchObject({ updated_custody_metrics: { total_tests_given: 2 } });
    expect(service.output()).toMatch(/"level":"warn".*PostgreSQL on .* ended unexpectedly\. Last lines of/);
    expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('permanently, and so does the service, with the reason in readiness and log', async () => {
    const service = await start();
    await appendFile(join(folder, 'data', 'postgres', 'postgresql.conf'), "\nno_such_setting = 'x'\n");
    await killDatabase();
    const reason = /^PostgreSQL on .* ended unexpectedly and is being restarted \(attempt \d of 5\)$/;
    await until(async () => reason.test((await readiness(service.url)).body.reason ?? ''));
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    expect(await service.ended()).toEqual({ code: 1, signal: null });
    expect(service.output()).toMatch(/"level":"error".*ended and cannot be restarted\..*no_such_setting/);
  });
});

describe('a service that is reachable from other machines', () => {
  it('refuses to start without a key; starts with a new key, ADMIN_KEY or AUTH=off', async () => {
    const variables = { DATA_DIR: join(folder, 'data'), HOST: '0.0.0.0', PORT: '0' };
    const { code, output } = await runUntilExit(variables);
    expect(code).toBe(1);
    expect(output).toMatch(/HOST=0\.0\.0\.0 .* no API key exists.*keys create.*ADMIN_KEY.*AUTH=off/);

    const off = await start({ HOST: '0.0.0.0', AUTH: 'off' });
    expect((await fetch(`${off.url}/api/agent-metrics`)).status).toBe(200);
    await off.end('SIGTERM');

    const args = ['keys', 'create', '--name', 'first', '--scope', 'read', '--json'];
    const created = await runCli(args, { DATA_DIR: join(folder, 'data') });
    const { key } = JSON.parse(created.stdout) as { key: string };
    const withKey = await start({ HOST: '0.0.0.0' });
    expect((await fetch(`${withKey.url}/api/agent-metrics`)).status).toBe(401);
    const headers = { 'x-api-key': key };
    expect((await fetch(`${withKey.url}/api/agent-metrics`, { headers })).status).toBe(200);
    expect(withKey.output()).not.toContain(key);
  });
});

describe('a service that cannot start', () => {
  it('lists every invalid variable and exits with 1', async () => {
    const { code, output } = await runUntilExit({ PORT: 'x', PASS_MARK: '101', DATABASE_URL: 'postgres://u:secret@' });
    expect(code).toBe(1);
    for (const name of ['PORT', 'PASS_MARK', 'DATABASE_URL']) expect(output).toContain(name);
    expect(output).not.toContain('secret');
  });

  it('names the database that it cannot reach, after waiting for it', async () => {
    const { code, output } = await runUntilExit({
      DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/lvlup',
      DATABASE_CONNECT_TIMEOUT: '1',
    });
    expect(code).toBe(1);
    expect(output).toContain('127.0.0.1:1');
    expect(output).not.toContain('secret');
  });

  it('names the port that is in use, and leaves no server running', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const { port } = taken.address() as AddressInfo;
    try {
      const variables = { DATA_DIR: join(folder, 'data'), PORT: String(port) };
      const { code, output } = await runUntilExit(variables);
      expect(code).toBe(1);
      expect(output).toContain(String(port));
    } finally {
      taken.close();
    }
    await start();
  });
});
