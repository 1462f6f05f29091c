import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EXPORT_FORMATS } from '../../src/transfer/formats.js';
import type { ImportRequest } from '../../src/transfer/import/import-text.js';
import { verify } from '../../src/verification/verify.js';
import { commandSequence } from '../factories/command.arbitrary.js';
import { sendCommand } from '../support/send-command.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';

/** Several times as many as are written at once, so that its events come in several parts. */
const MANY_EVENTS = 700;

let source: TestService;
let events: string;
beforeAll(async () => {
  source = await startTestService();
  const { service, database } = source;
  await fc.assert(
    fc.asyncProperty(commandSequence, async (commands) => {
      for (const [index, command] of commands.entries()) {
        await sendCommand(service, `any.${index % 5}`, command).catch(() => undefined);
      }
    }),
    { numRuns: 10 },
  );
  await service.createOrUpdateAgentMetrics(
    'guardian',
    {
      config: { 'a "quoted",\r\nkey': ['\u2028 \u00e9 \ud83d\ude00', '', null, 1e-7, 123456789012345680000] },
      status: ' x ',
    },
    { idempotencyKey: 'k,"1"' },
  );
  const busy = Array.from({ length: MANY_EVENTS }, (_, count) =>
    service.updateCustodyTestResult('sandbox', { passed: count % 3 > 0, score: count % 101, duration: count / 7 }),
  );
  await Promise.all(busy);
  await database.query(`INSERT INTO agent_metrics (agent_id, agent_type, xp) VALUES ('a', 'by hand, "é"', 3)`);
  await service.updateCustodyXp('by hand, "é"', 5);
  events = await exported(source, { of: 'events', format: 'ndjson' });
});
afterAll(() => source.close());

let target: TestService;
beforeEach(async () => {
  target = await startTestService();
});
afterEach(() => target.close());

/** The lines of one agent, or of all others. */
const linesOf = (agentType: string, text = events) =>
  text.split('\n').filter((line) => line.includes(`{"agent_type":${JSON.stringify(agentType)},`));
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Everything that is in the database, but for the positions of events. */
async function contents(service: TestService): Promise<unknown> {
  return {
    agents: await exported(service, { of: 'agents', format: 'ndjson' }),
    events: await exported(service, { of: 'events', format: 'ndjson' }),
  };
}

/** Whether events of an agent are in the ledger before the last of them was seen. */
describe.each([100_000, 200])('with %d events written at once', (stagedAtOnce) => {
  const importing = (text: string, request: Partial<ImportRequest> = {}) =>
    imported(target, text, { stagedAtOnce, allowPartial: true, ...request });

  describe('export events, then import', () => {
    it.each(EXPORT_FORMATS)('makes the same ledger, rows and rollups elsewhere: %s', async (format) => {
      const file = await exported(source, { of: 'events', format });
      const report = await importing(file, { allowPartial: false });
      const { agents, events } = await verify(target.dataSource);
      expect(report).toMatchObject({ of: 'events', agents, events, invalid: 0, named: [], accepted: true });
      expect(await contents(target)).toEqual(await contents(source));
      expect((await verify(target.dataSource)).named).toEqual([]);
      const rollups = `SELECT agent_type, hour, sum(tests) AS tests, sum(score) AS score FROM test_rollups_by_hour
                      GROUP BY 1, 2 ORDER BY 1, 2`;
      expect(await target.database.query(rollups)).toEqual(await source.database.query(rollups));
    });

    it('exports one agent', async () => {
      const lines = (await exported(source, { of: 'events', format: 'ndjson', agentType: 'guardian' })).split('\n');
      expect(lines.slice(0, -2)).toEqual(linesOf('guardian'));
      await expect(exported(source, { of: 'events', format: 'csv', agentType: 'nobody' })).rejects.toMatchObject({
        code: 'agent_not_found',
      });
    });
  });

  describe('import of events', () => {
    it('changes nothing in a dry run', async () => {
      const before = await contents(target);
      expect(await importing(events, { dryRun: true })).toMatchObject({ accepted: true, invalid: 0 });
      expect(await contents(target)).toEqual(before);
    });

    it('refuses, by name, an agent that has events of its own, and imports nothing then', async () => {
      await target.service.updateCustodyXp('guardian', 1);
      const before = await contents(target);
      const report = await importing(events);
      expect(report.accepted).toBe(false);
      expect(report.named).toEqual([
        {
          place: expect.stringMatching(/^line \d+$/),
          agent_type: 'guardian',
          errors: [{ field: '', detail: expect.stringMatching(/^already exists/) }],
        },
      ]);
      expect(await contents(target)).toEqual(before);
      expect((await importing(events, { skipInvalid: true })).invalid).toBe(1);
      expect(linesOf('sandbox', await exported(target, { of: 'events', format: 'ndjson' }))).toEqual(
        linesOf('sandbox'),
      );
      expect((await verify(target.dataSource)).named).toEqual([]);
    });

    it('refuses what a second import of the file would do', async () => {
      await importing(events);
      const before = await contents(target);
      const report = await importing(events, { skipInvalid: true });
      expect(report).toMatchObject({ agents: 2, events: 2 });
      expect(report.named.map(({ agent_type }) => agent_type)).toEqual(expect.arrayContaining(['sandbox', 'guardian']));
      expect(await contents(target)).toEqual(before);
    });

    it('refuses a row that was inserted by hand', async () => {
      await target.database.query(`INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('a', 'any.0')`);
      expect((await importing(events)).named).toMatchObject([{ agent_type: 'any.0' }]);
    });

    it.each([
      ['a gap', (lines: string[]) => lines.filter((_, index) => index !== 2), 'event 4 follows version 2'],
      ['no beginning', (lines: string[]) => lines.slice(1), 'event 2 follows version 0'],
      [
        'a change',
        (lines: string[]) =>
          lines.map((line, index) =>
            index === 650
              ? line
                  .replace('"duration":', '"Duration":')
                  .replace('"duration" :', '"Duration":')
                  .replace('"duration": ', '"Duration": ')
              : line,
          ),
        'event 651 does not match its hash',
      ],
      [
        'another order',
        (lines: string[]) => [...lines.slice(0, 5), ...lines.slice(5).reverse()],
        'event 701 follows version 5',
      ],
      [
        'a line that is no event',
        (lines: string[]) =>
          lines.map((line, index) => (index === 3 ? line.replace('"version":4', '"version":"4"') : line)),
        'must be a whole number from 1 to 2147483647',
      ],
    ])('leaves out an agent with %s, also when much of it was written', async (_, change, detail) => {
      const file = text([...linesOf('any.0'), ...change(linesOf('sandbox')), ...linesOf('any.1')]);
      const before = linesOf('sandbox', await exported(target, { of: 'events', format: 'ndjson' }));
      expect((await importing(file)).accepted).toBe(false);
      const report = await importing(file, { skipInvalid: true });
      expect(report.named).toMatchObject([
        {
          agent_type: 'sandbox',
          errors: [{ detail: expect.stringContaining(detail) }, ...(report.named[0]?.errors.slice(1) ?? [])],
        },
      ]);
      const after = await exported(target, { of: 'events', format: 'ndjson' });
      expect(linesOf('any.0', after)).toEqual(linesOf('any.0'));
      expect(linesOf('any.1', after)).toEqual(linesOf('any.1'));
      expect(linesOf('sandbox', after)).toEqual(before);
      expect((await verify(target.dataSource)).named).toEqual([]);
    });

    it('refuses an agent whose events stand in two places', async () => {
      const lines = linesOf('any.0');
      const file = text([...lines, ...linesOf('sandbox'), lines[0] ?? '']);
      const report = await importing(file);
      expect(report.named).toMatchObject([
        {
          place: `line ${lines.length + MANY_EVENTS + 2}`,
          agent_type: 'any.0',
          errors: [{ detail: expect.stringMatching(/is repeated/) }],
        },
      ]);
    });

    it('refuses an id that another agent has', async () => {
      const [{ id } = { id: '' }] = await source.database.query<{ id: string }>(
        `SELECT id FROM agent_metrics WHERE agent_type = 'any.0'`,
      );
      await target.database.query('UPDATE agent_metrics SET id = $1 WHERE agent_type = $2', [id, 'conquest']);
      const report = await importing(text(linesOf('any.0')));
      expect(report.named).toMatchObject([
        { agent_type: 'any.0', errors: [{ detail: expect.stringContaining('"conquest"') }] },
      ]);
    });

    it('names each line that can not be read, by its number', async () => {
      const [first = '', ...rest] = linesOf('any.0');
      const report = await importing(text(['nonsense', '', '[1]', first, ...rest, '{"agent_type":"x","xp":1}']), {
        format: 'ndjson',
      });
      expect(report.named.map(({ place }) => place)).toEqual(['line 1', 'line 3', `line ${rest.length + 5}`]);
    });
  });
});

describe('a ledger that was imported', () => {
  it('goes on there as it would have gone on here', async () => {
    await imported(target, await exported(source, { of: 'events', format: 'ndjson' }));
    const time = new Date('2026-01-01T00:00:00Z');
    source.setClock(time);
    target.setClock(time);
    for (const { service } of [source, target]) await service.updateCustodyXp('sandbox', 1);
    expect(await contents(target)).toEqual(await contents(source));
    // A repeated key is known there as well.
    const { service } = target;
    await expect(
      service.createOrUpdateAgentMetrics('guardian', { xp: 1 }, { idempotencyKey: 'k,"1"' }),
    ).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });
});
