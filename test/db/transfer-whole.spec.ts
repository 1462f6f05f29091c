import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EXPORTED } from '../../src/transfer/formats.js';
import type { ImportRequest } from '../../src/transfer/import/import-text.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';

let source: TestService;
let target: TestService;
beforeAll(async () => {
  source = await startTestService();
  await source.service.updateCustodyTestResult('guardian', { passed: true, score: 90, duration: 1 });
  const odd = 'a "quoted"\\ é\u2028';
  await source.database.query(`INSERT INTO agent_metrics (agent_id, agent_type, xp) VALUES ('a', $1, 3)`, [odd]);
  await source.service.updateCustodyXp(odd, 5);
});
afterAll(() => source.close());
beforeEach(async () => {
  target = await startTestService();
});
afterEach(() => target.close());

const whole = (of: (typeof EXPORTED)[number], agentType?: string) =>
  exported(source, { of, format: 'ndjson', agentType });
/** Content of the target, also after an import without effect. */
const agents = () => exported(target, { of: 'agents', format: 'ndjson' });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const trailerOf = (file: string) => (JSON.parse(file.trimEnd().split('\n').at(-1) ?? '') as { export: object }).export;
/** The file up to the end of a line, or without its last lines. */
const upTo = (file: string, lines: number) => file.split('\n').slice(0, lines).join('\n') + '\n';

describe('the trailer of an NDJSON export', () => {
  it('counts and hashes the lines above it, and the heads of the chains', async () => {
    const file = await whole('events');
    const lines = upTo(file, -2);
    const heads = await source.database.query<{ head: string }>(
      `SELECT concat_ws(' ', agent_type, version, encode(ledger_hash, 'hex')) AS head FROM agent_metrics ORDER BY agent_type COLLATE "C"`,
    );
    expect(trailerOf(file)).toEqual({
      of: 'events',
      lines: 7,
      sha256: sha256(lines),
      heads_sha256: sha256(heads.map(({ head }) => `${head}\n`).join('')),
    });
    const ofAgents = await whole('agents');
    expect(trailerOf(ofAgents)).toEqual({ of: 'agents', lines: 5, sha256: sha256(upTo(ofAgents, -2)) });
  });

  it('is that of an empty file when there is nothing', async () => {
    await target.database.query('TRUNCATE agent_events');
    const file = await exported(target, { of: 'events', format: 'ndjson' });
    expect(trailerOf(file)).toEqual({ of: 'events', lines: 0, sha256: sha256(''), heads_sha256: sha256('') });
    expect(await imported(target, file)).toMatchObject({ of: null, agents: 0, invalid: 0, accepted: true });
  });
});

describe.each(EXPORTED)('an import of %s', (of) => {
  let file: string;
  let before: string;
  beforeEach(async () => {
    file = await whole(of);
    before = await agents();
  });

  const expectRefused = async (text: string, reason: RegExp, request?: Partial<ImportRequest>) => {
    await expect(imported(target, text, { skipInvalid: true, ...request })).rejects.toThrow(reason);
    expect(await agents()).toBe(before);
  };

  it('refuses a file that was cut at the end of any line', async () => {
    const lines = file.trimEnd().split('\n').length;
    for (let count = 1; count < lines; count++)
      await expectRefused(upTo(file, count), /is truncated.*--allow-partial/s);
  });

  it('refuses a file that was cut within a line, also within the trailer', async () => {
    for (const cut of [1, 2, 40, 100, 200, 500])
      await expectRefused(file.slice(0, -1 - cut), /is truncated.*--allow-partial/s);
  });

  it('refuses a file of which a line is missing, or was changed', async () => {
    const lines = file.split('\n');
    await expectRefused(lines.slice(1).join('\n'), /is incomplete.*\d lines were exported, but the file has \d/);
    await expectRefused(file.replace('"guardian"', '"guardiam"'), /is incomplete.*were changed/);
  });

  it('imports what is there when that is allowed, as of a file of an earlier release', async () => {
    const report = await imported(target, upTo(file, -2), { allowPartial: true });
    expect(report).toMatchObject({ of, agents: 5, invalid: 0, accepted: true });
    const again = await imported(target, upTo(file, 1), { allowPartial: true, skipInvalid: true, dryRun: true });
    expect(again.of).toBe(of);
  });

  it('takes the file with other ends of lines, and without the last', async () => {
    const report = await imported(target, file.replaceAll('\n', '\r\n'), { dryRun: true });
    expect(report).toMatchObject({ of, agents: 5, invalid: 0 });
    expect(await imported(target, file.trimEnd())).toMatchObject({ of, agents: 5, invalid: 0 });
  });

  it('takes exports that stand one after the other, and finds that the last was cut', async () => {
    const [one, other] = [await whole(of, 'guardian'), await whole(of, 'sandbox')];
    await expectRefused(one + upTo(other, 1), /is truncated/);
    await expectRefused(one + other.replace(/^.*\n/, ''), /1 lines were exported, but the file has 0/);
    expect(await imported(target, one + other)).toMatchObject({ of, agents: 2, invalid: 0 });
  });
});
