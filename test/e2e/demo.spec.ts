import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** Of a demo that does not end by itself. */
const KILLED_AFTER_MS = 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-demo-'));
});
afterAll(() => rm(folder, { recursive: true }));

const demo = (...args: string[]) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const { PATH = '' } = process.env;
    const limit = { timeout: KILLED_AFTER_MS, killSignal: 'SIGKILL' } as const;
    const node = ['--import', '@swc-node/register/esm-register', 'tools/demo/main.ts'];
    execFile(process.execPath, [...node, ...args], { env: { PATH }, ...limit }, (error, _, stderr) => {
      resolve({ code: error?.code, stderr });
    });
  });

/** Serves at a port that was free. */
async function listen(onRequest: () => void): Promise<{ service: Server; port: number }> {
  const service = createServer((_, response) => {
    onRequest();
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    service.listen(0, '127.0.0.1', resolve);
  });
  return { service, port: (service.address() as AddressInfo).port };
}

describe('the demo', () => {
  it('refuses a port in use, and sends nothing to the service there', async () => {
    let requests = 0;
    const { service, port } = await listen(() => requests++);
    const { code, stderr } = await demo('--port', String(port), '--data', join(folder, 'unused'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Port ${port} cannot be used (EADDRINUSE). Stop the service there, or add "-- --port 8001".\n`,
    });
    expect(requests).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    await new Promise((resolve) => service.close(resolve));
  });

  it('does not delete another database', async () => {
    const data = join(folder, 'other');
    await mkdir(join(data, 'postgres'), { recursive: true });
    await writeFile(join(data, 'postgres', 'PG_VERSION'), '18');
    const { service, port } = await listen(() => undefined);
    await new Promise((resolve) => service.close(resolve));
    const { code, stderr } = await demo('--port', String(port), '--data', data);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${data} contains a database that is not of a demo. Choose another folder.\n`,
    });
    expect(await readdir(join(data, 'postgres'))).toEqual(['PG_VERSION']);
  });

  it.each([
    ['--port', '70000', '--port must be an integer from 1 to 65535.'],
    ['--port', 'abc', '--port must be an integer from 1 to 65535.'],
    ['--seed', 'x', '--seed must be an integer from 0 to 999999999.'],
    ['--interval', '-1', undefined],
    ['--interval', '1e3', '--interval must be an integer from 0 to 999999999.'],
  ])('refuses %s %s', async (option, value, message) => {
    const { code, stderr } = await demo(option, value);
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(message ?? /--interval/);
  });
});
