import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EXPORT_FORMATS } from '../../src/transfer/formats.js';
import { verify } from '../../src/verification/verify.js';
import { createFullUpdate } from '../factories/metrics-update.factory.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';

const TIME = '2025-01-25T10:00:00.123Z';

let target: TestService;
beforeEach(async () => {
  target = await startTestService();
});
afterEach(async () => {
  expect((await verify(target.dataSource)).named).toEqual([]);
  await target.close();
});

const agent = async (agentType: string): Promise<object> => target.service.getAgentMetrics(agentType);
const newest = async (agentType: string) => {
  const [event] = await target.database.query<{ type: string; version: number; payload: { original: unknown } }>(
    'SELECT type, version, payload FROM agent_events WHERE agent_type = $1 ORDER BY version DESC LIMIT 1',
    [agentType],
  );
  return event;
};

describe('export agents, then import', () => {
  it.each(EXPORT_FORMATS)('gives agents elsewhere every column, as one event: %s', async (format) => {
    const source = await startTestService();
    try {
      await source.service.createOrUpdateAgentMetrics('guardian', createFullUpdate());
      await source.service.createOrUpdateAgentMetrics('other', { config: { 'a,"b"\r\n': ['', null, '\u2028'] } });
      await source.service.updateCustodyTestResult('other', { passed: true, score: 71.5, duration: 3 });
      await source.database.query(
        `INSERT INTO agent_metrics (agent_id, agent_type, xp, last_failure) VALUES ('a', 'by hand, "é"', 3, now())`,
      );
      // Agents that exist keep their id and the time of their creation; new ones bring theirs along.
      const file = await exported(source, { of: 'agents', format });
      const report = await imported(target, file);
      expect(report).toMatchObject({ of: 'agents', agents: 6, events: 6, invalid: 0, accepted: true });
      for (const agentType of ['guardian', 'other', 'by hand, "é"']) {
        const before = await source.service.getAgentMetrics(agentType);
        const isNew = agentType !== 'guardian';
        const anew = ['version', 'ledger_hash', 'updated_at', ...(isNew ? [] : ['id', 'created_at'])];
        const expected = Object.entries(before).filter(([column]) => !anew.includes(column));
        expect(await agent(agentType)).toMatchObject(Object.fromEntries(expected));
        expect(await newest(agentType)).toMatchObject({ type: 'imported', version: isNew ? 1 : 2 });
      }
    } finally {
      await source.close();
    }
  });
});

describe('import of agents', () => {
  const entry = {
    total_tests_given: 10,
    total_tests_passed: 8,
    total_tests_failed: 2,
    custody_xp: 350,
    xp: 6_000,
    last_test_date: '2025-01-25T10:00:00.123456',
    test_history: [{ passed: true, score: 90 }],
  };
  const FOLLOWS = { level: 3, custody_level: 3, current_difficulty: 'basic', pass_rate: 0.8, failure_rate: 0.2 };

  it.each([
    ['a map', { guardian: entry, 'any name, at all': { ai_type: 'any name, at all', ...entry } }],
    [
      'an answer of the old backend',
      {
        status: 'success',
        data: {
          overall_metrics: {},
          ai_specific_metrics: {
            guardian: { ...entry, can_level_up: true, can_create_proposals: false },
            'any name, at all': entry,
          },
        },
        timestamp: TIME,
      },
    ],
    ['its data', { overall_metrics: {}, ai_specific_metrics: { guardian: entry, 'any name, at all': entry } }],
  ])('takes %s, and lets follow what follows', async (_, document) => {
    await target.service.createOrUpdateAgentMetrics('guardian', { status: 'active', learning_score: 3, prestige: 4 });
    for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
      expect(await imported(target, text)).toMatchObject({ of: 'agents', agents: 2, invalid: 0, accepted: true });
    }
    const columns = { ...entry, last_test_date: new Date(TIME) };
    expect(await agent('guardian')).toMatchObject({
      ...columns,
      ...FOLLOWS,
      status: 'active',
      learning_score: 3,
      prestige: 4,
    });
    expect(await agent('any name, at all')).toMatchObject({
      ...columns,
      ...FOLLOWS,
      status: 'idle',
      agent_id: 'any name, at all_agent',
    });
    expect((await newest('guardian'))?.payload.original).toEqual([expect.objectContaining(entry)]);
  });

  it('keeps the newest of lists that are longer than their window', async () => {
    const learning_patterns = Array.from({ length: 120 }, (_, index) => index);
    await imported(target, JSON.stringify({ guardian: { learning_patterns } }));
    expect(await agent('guardian')).toMatchObject({ learning_patterns: learning_patterns.slice(20) });
  });

  it('names each entry that is invalid, with all its fields, and imports nothing then; or the rest, when asked to', async () => {
    const document = {
      fine: { xp: 1 },
      contradicts: { total_tests_given: 3, total_tests_passed: 1, success_rate: 2 },
      malformed: { xp: '1', level: 1.5, last_success: 'yesterday', misspelt: 1 },
      'nothing at all': 7,
      ['x'.repeat(51)]: { xp: 1 },
      guardian: { agent_type: 'sandbox' },
    };
    const fields = [
      ['contradicts', ['success_rate', 'total_tests_given']],
      ['guardian', ['agent_type']],
      ['malformed', ['last_success', 'level', 'misspelt', 'xp']],
      ['nothing at all', ['']],
      ['x'.repeat(51), ['agent_type']],
    ];
    const named = (report: Awaited<ReturnType<typeof imported>>) =>
      report.named.map(({ place, errors }) => [place, errors.map(({ field }) => field).sort()]).sort();
    const refused = await imported(target, JSON.stringify(document));
    expect(refused).toMatchObject({ invalid: 5, accepted: false });
    expect(named(refused)).toEqual(fields);
    expect(await newest('fine')).toBeUndefined();
    const taken = await imported(target, JSON.stringify(document), { skipInvalid: true });
    expect(taken).toMatchObject({ agents: 1, invalid: 5, accepted: true });
    expect(await agent('fine')).toMatchObject({ xp: 1 });
    expect(await newest('guardian')).toMatchObject({ type: 'created' });
  });

  it('changes nothing in a dry run, and says what it would do', async () => {
    expect(await imported(target, '{"fine":{"xp":1}}', { dryRun: true })).toMatchObject({ agents: 1, accepted: true });
    expect(await newest('fine')).toBeUndefined();
  });

  it.each([0, 300])('refuses an agent that comes twice, %d others apart', async (apart) => {
    const others = Array.from({ length: apart }, (_, index) => ({ agent_type: `other${index}` }));
    const lines = [{ agent_type: 'a', xp: 1 }, ...others, { agent_type: 'a', xp: 2 }].map((line) =>
      JSON.stringify(line),
    );
    const report = await imported(target, lines.join('\n'), { skipInvalid: true, allowPartial: true });
    expect(report.named).toMatchObject([{ place: `line ${apart + 2}`, agent_type: 'a' }]);
    expect(await agent('a')).toMatchObject({ xp: 1, version: 1 });
  });

  it('refuses an id that another agent has, in the database or in the file', async () => {
    const { id } = (await agent('guardian')) as { id: string };
    const fresh = '11111111-1111-4111-8111-111111111111';
    const lines = [
      { agent_type: 'a', id },
      { agent_type: 'b', id: fresh },
      { agent_type: 'c', id: fresh },
    ];
    const file = lines.map((line) => JSON.stringify(line)).join('\n');
    const report = await imported(target, file, { skipInvalid: true, allowPartial: true });
    expect(report.named.map(({ agent_type }) => agent_type)).toEqual(['a', 'c']);
    expect(await agent('b')).toMatchObject({ id: fresh });
  });

  it('knows an agent whose row was deleted by hand', async () => {
    await target.service.createOrUpdateAgentMetrics('guardian', { xp: 7, status: 'active' });
    await target.database.query(`DELETE FROM agent_metrics WHERE agent_type = 'guardian'`);
    await imported(target, '{"guardian":{"xp":9}}');
    expect(await agent('guardian')).toMatchObject({ xp: 9, status: 'active', version: 3 });
  });

  it.each([
    ['CSV of some columns', '\ufeffagent_type,xp,config\r\na,5,"{""b"": 1}"\r\n'],
    ['NDJSON of the old name', '{"ai_type":"a","xp":5,"config":{"b":1}}'],
  ])('takes %s', async (_, text) => {
    expect(await imported(target, text, { allowPartial: true })).toMatchObject({ agents: 1, invalid: 0 });
    expect(await agent('a')).toMatchObject({ xp: 5, config: { b: 1 } });
  });

  it('refuses an entry of two names', async () => {
    const { named } = await imported(target, '{"ai_type":"a","agent_type":"b","xp":5}', { allowPartial: true });
    expect(named).toMatchObject([{ errors: [{ field: 'ai_type', detail: 'must be the same as agent_type' }] }]);
  });

  it.each([
    ['JSON that is cut off', '{"guardian":{"xp":1}', /^The file is not JSON/],
    ['a list', '[]', /JSON object with an entry for each agent/],
    ['nothing', '', /agent_type\. Expected:|contains no agents and no events\. Expected:/],
    ['empty lines', '\n\n', /contains no agents and no events\. Expected:/],
    ['an empty map', '{}', /contains no agents and no events\. Expected:/],
    ['a header alone', 'agent_type,xp\n', /contains no agents and no events\. Expected:/],
    ['a number', '5', /Expected: the output of `export`/],
    ['null', 'null\n', /Expected: the output of `export`/],
    ['a string', '"guardian"', /Expected: the output of `export`/],
    ['a list of numbers', '[1, 2]', /JSON object with an entry for each agent/],
    ['an agent twice', '{"a":{"xp":1},"b":{"xp":1},"a":{"xp":2}}', /has the key "a" twice/],
    ['an agent twice, in an answer', '{"data":{"ai_specific_metrics":{"a":{},"\\u0061":{}}}}', /has the key "a" twice/],
    ['a column of an agent twice', '{"a":{"xp":1,"xp":2}}', /has the key "xp" twice/],
    ['CSV with a quote out of place', 'agent_type,xp\na,"1"2\n', /^The file is not CSV/],
    ['CSV with a column twice', 'agent_type,xp,xp\na,1,2\n', /"xp" twice/],
  ])('refuses %s as a whole', async (_, text, reason) => {
    await expect(imported(target, text, { skipInvalid: true })).rejects.toThrow(reason);
    expect(await newest('a')).toBeUndefined();
  });
});
