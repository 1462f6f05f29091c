import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported } from '../support/transfer.js';

let test: TestService;
let folder: string;
beforeAll(async () => {
  test = await startTestService();
  folder = await mkdtemp(join(tmpdir(), 'lvlup-verify-'));
  const { service } = test;
  await service.createOrUpdateAgentMetrics('guardian', { config: { 'cut \u2028 here \u2029': '\u0085 \n é 😀' } });
  await service.updateCustodyTestResult('guardian', { passed: true, score: 0.1, duration: 1e-7 });
  await service.updateCustodyXp('sandbox', 5);
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

/** The block of docs/hash-chain.md in this language that has this in it. */
async function block(language: string, part: string): Promise<string> {
  const guide = await readFile('docs/hash-chain.md', 'utf8');
  const blocks = [...guide.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
  return blocks.find((text) => text.includes(part)) ?? '';
}

/** Result of verify-chain.mjs for the rows of events.sql after tampering. */
async function verifyRows(tamper: (lines: string) => string): Promise<{ code: number; stdout: string }> {
  const rows = await test.database.query<{ row_to_json: unknown }>({
    text: await block('sql', 'SELECT row_to_json(event)'),
    // As psql prints it.
    types: { getTypeParser: () => (value: string) => value },
  } as unknown as string);
  return verifyChain(tamper(rows.map((row) => `${String(row.row_to_json)}\n`).join('')));
}

async function verifyChain(lines: string): Promise<{ code: number; stdout: string }> {
  const script = join(folder, 'verify-chain.mjs');
  await writeFile(script, await block('js', 'createHash'));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script], (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), stdout });
    });
    child.stdin?.end(lines);
  });
}

describe('verify-chain.mjs of docs/hash-chain.md', () => {
  it('finds nothing in what the service wrote, and prints the heads', async () => {
    const heads = await test.database.query<{ head: string }>(
      `SELECT concat_ws(' ', agent_type, version, encode(ledger_hash, 'hex')) AS head FROM agent_metrics ORDER BY agent_type COLLATE "C"`,
    );
    expect(await verifyRows((lines) => lines)).toEqual({
      code: 0,
      stdout: heads.map(({ head }) => `${head}\n`).join(''),
    });
  });

  it('takes what export events wrote, whose last line has the SHA-256 of the heads', async () => {
    const file = await exported(test, { of: 'events', format: 'ndjson' });
    const { code, stdout } = await verifyChain(file);
    expect([code, stdout]).toEqual([0, (await verifyRows((lines) => lines)).stdout]);
    expect(file).toContain(`"heads_sha256":"${createHash('sha256').update(stdout).digest('hex')}"}}\n`);
  });

  it('names what was tampered with', async () => {
    expect(await verifyRows((lines) => lines.replace('\u2028', ' '))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('guardian version 2: the chain is broken'),
    });
  });
});
