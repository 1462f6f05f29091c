import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestService, type TestService } from '../support/test-service.js';

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

/** The block of docs/architecture.md in this language that has this in it. */
async function block(language: string, part: string): Promise<string> {
  const guide = await readFile('docs/architecture.md', 'utf8');
  const blocks = [...guide.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
  return blocks.find((text) => text.includes(part)) ?? '';
}

/** What verify-chain.mjs makes of the rows of events.sql, after they were tampered with. */
async function verifyChain(tamper: (lines: string) => string): Promise<{ code: number; stdout: string }> {
  const rows = await test.database.query<{ row_to_json: unknown }>({
    text: await block('sql', 'SELECT row_to_json(event)'),
    // As psql prints it.
    types: { getTypeParser: () => (value: string) => value },
  } as unknown as string);
  const script = join(folder, 'verify-chain.mjs');
  await writeFile(script, await block('js', 'createHash'));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script], (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), stdout });
    });
    child.stdin?.end(tamper(rows.map((row) => `${String(row.row_to_json)}\n`).join('')));
  });
}

describe('verify-chain.mjs of docs/architecture.md', () => {
  it('finds nothing in what the service wrote, and prints the heads', async () => {
    const heads = await test.database.query<{ head: string }>(
      `SELECT concat_ws(' ', agent_type, version, encode(ledger_hash, 'hex')) AS head FROM agent_metrics ORDER BY agent_type COLLATE "C"`,
    );
    expect(await verifyChain((lines) => lines)).toEqual({
      code: 0,
      stdout: heads.map(({ head }) => `${head}\n`).join(''),
    });
  });

  it('names what was tampered with', async () => {
    expect(await verifyChain((lines) => lines.replace('\u2028', ' '))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('guardian version 2: the chain is broken'),
    });
  });
});
