import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verify } from '../../src/verification/verify.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';

const RESULT = { passed: true, score: 80, duration: 1 };
const EVENTS = { of: 'events', format: 'ndjson' } as const;
const TOMBSTONES = 'SELECT * FROM agent_tombstones ORDER BY id';

let source: TestService;
let target: TestService;
beforeEach(async () => {
  [source, target] = await Promise.all([startTestService(), startTestService()]);
  await erase(source, 'first', 'second');
  await source.service.updateCustodyTestResult('kept', RESULT);
});
afterEach(async () => {
  await source.close();
  await target.close();
});

async function erase({ service }: TestService, ...agents: string[]): Promise<void> {
  for (const agent of agents) {
    await service.updateCustodyTestResult(agent, RESULT);
    await service.eraseAgent(agent, { agent_type: agent, reason: 'request of the owner' }, { actor: 'operator' });
  }
}

const tombstonesIn = (text: string) => text.split('\n').filter((line) => line.startsWith('{"tombstone":'));

describe('an export of all events', () => {
  it('contains the tombstones, and an import restores them', async () => {
    const text = await exported(source, EVENTS);
    expect(tombstonesIn(text)).toHaveLength(2);
    expect(text).not.toMatch(/"(first|second)"/);
    const report = await imported(target, text);
    expect(report).toMatchObject({ tombstones: 2, invalid: 0, accepted: true });
    expect(await target.database.query(TOMBSTONES)).toEqual(await source.database.query(TOMBSTONES));
    expect(await exported(target, EVENTS)).toBe(text);
    expect((await verify(target.dataSource)).differences).toBe(0);
  });

  it('has no tombstones if it is of one agent, or in CSV', async () => {
    expect(tombstonesIn(await exported(source, { ...EVENTS, agentType: 'kept' }))).toEqual([]);
    expect(await exported(source, { of: 'events', format: 'csv' })).not.toContain('request of the owner');
    expect(tombstonesIn(await exported(source, { of: 'agents', format: 'ndjson' }))).toEqual([]);
  });
});

describe('the tombstones of an import', () => {
  it('continue those of the database, and are added once', async () => {
    const before = await exported(source, EVENTS);
    await imported(target, before);
    await erase(source, 'third');
    const lines = tombstonesIn(await exported(source, EVENTS)).join('\n');
    const options = { allowPartial: true };
    expect(await imported(target, lines, options)).toMatchObject({ of: 'events', tombstones: 1, invalid: 0 });
    expect(await imported(target, lines, options)).toMatchObject({ tombstones: 0, invalid: 0 });
    expect(await target.database.query(TOMBSTONES)).toEqual(await source.database.query(TOMBSTONES));
  });

  it('are refused if they differ from those of the database', async () => {
    await erase(target, 'other');
    const text = await exported(source, EVENTS);
    const report = await imported(target, text);
    expect(report).toMatchObject({ accepted: false, invalid: 2, tombstones: 0 });
    expect(report.named[0]?.errors[0]?.detail).toMatch(/^differs from the tombstone with this id in the database/);
    expect(report.named[1]?.errors[0]?.detail).toBe('does not follow the newest tombstone of the database');
    expect(await target.database.query(TOMBSTONES)).toHaveLength(1);
    const skipped = await imported(target, text, { skipInvalid: true });
    expect(skipped).toMatchObject({ accepted: true, invalid: 2, tombstones: 0 });
    expect(await target.database.query(TOMBSTONES)).toHaveLength(1);
    expect((await verify(target.dataSource)).differences).toBe(0);
  });

  it.each<[string, (line: string) => string, string]>([
    ['another reason', (line) => line.replace('request', 'demand'), 'tombstone.hash'],
    ['a missing field', (line) => line.replace('"events":2,', ''), 'tombstone.events'],
    ['an unknown field', (line) => line.replace('"id":', '"name":"x","id":'), 'tombstone.name'],
    [
      'an invalid time',
      (line) => line.replace(/"erased_at":"[^"]*"/, '"erased_at":"yesterday"'),
      'tombstone.erased_at',
    ],
    ['an invalid id', (line) => line.replace('"id":1', '"id":-1'), 'tombstone.id'],
    ['no object', () => '{"tombstone":5}', 'tombstone'],
  ])('are refused with %s', async (_case, change, field) => {
    const [first = ''] = tombstonesIn(await exported(source, EVENTS));
    const report = await imported(target, change(first), { allowPartial: true });
    expect(report).toMatchObject({ invalid: 1, tombstones: 0 });
    expect(report.named[0]?.errors[0]?.field).toBe(field);
    expect(await target.database.query(TOMBSTONES)).toEqual([]);
  });

  it('are refused in an export of agents', async () => {
    const [first = ''] = tombstonesIn(await exported(source, EVENTS));
    const agents = await exported(source, { of: 'agents', format: 'ndjson' });
    const report = await imported(target, `${agents.split('\n')[0] ?? ''}\n${first}`, { allowPartial: true });
    expect(report.invalid).toBe(1);
  });
});
