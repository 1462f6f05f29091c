import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertyRuns } from '../../../test/support/property-runs.js';
import { createContext, NOW } from '../../../test/factories/decision.factory.js';
import { legacyRow } from '../../../test/factories/legacy-row.arbitrary.js';
import { findUnstorable } from '../../common/json-text.js';
import { decide } from '../../progression/decide.js';
import { violations } from '../../progression/invariants.js';
import { toAgent, type MigratedAgent } from './to-agent.js';
import type { LegacyRow } from './legacy-row.js';

const { windows } = createContext().rules;
const context = { agentType: 'guardian', id: '00000000-0000-7000-8000-000000000000', now: NOW, windows };
const taken = (row: LegacyRow): MigratedAgent => toAgent(row, context);
/** field: why, of each repair. */
const whyOf = (row: LegacyRow): string[] => taken(row).repairs.map(({ field, why }) => `${field}: ${why}`);
const history = (...entries: unknown[]): string => JSON.stringify(entries);

describe('any old row', () => {
  it('gives an agent within the rules, that the table and the ledger can hold', () => {
    fc.assert(
      fc.property(legacyRow, (row) => {
        const { agent } = taken(row);
        expect(violations(agent)).toEqual([]);
        const decision = decide(null, { type: 'import', data: { agent, original: [{ ...row }] } }, createContext());
        if (decision.rejected) throw new Error('rejected');
        // Text as it was is stored as such; the agent's own JSON must be what jsonb takes and gives back.
        for (const event of decision.events) {
          const { columns, created_at } = event.payload as { columns: object; created_at: string };
          // A key that requests may not have is stored all the same.
          const stored = JSON.stringify(columns).replaceAll('__proto__', 'proto');
          expect(JSON.parse(JSON.stringify(columns))).toEqual(columns);
          expect(findUnstorable(JSON.parse(stored), '', -3)).toBeNull();
          expect(created_at).toMatch(/^\d{4}-/);
        }
        for (const word of [agent.status, agent.priority, agent.current_difficulty]) {
          expect([...word].length).toBeLessThanOrEqual(20);
        }
        expect([...agent.agent_id].length).toBeLessThanOrEqual(100);
        for (const time of [agent.last_success, agent.last_test_date, agent.created_at, agent.updated_at]) {
          expect(time?.toISOString() ?? '2000-').toMatch(/^\d{4}-/);
        }
        expect(agent.test_history.length).toBeLessThanOrEqual(windows.testHistory);
        expect(agent.test_history.every((entry) => typeof entry === 'object' && !Array.isArray(entry))).toBe(true);
      }),
      { numRuns: propertyRuns(2_000) },
    );
  });

  it('of nothing but NULLs is an agent with the defaults', () => {
    const { agent } = taken({ xp: null, status: null, test_history: null, is_active: null, last_success: null });
    expect(agent).toMatchObject({ xp: 0, status: 'idle', test_history: [], is_active: true, last_success: null });
    expect(whyOf({ xp: null, status: null, last_success: null, config: null })).toEqual([
      'xp: was_null',
      'status: was_null',
    ]);
  });

  it('without some of the columns gets their defaults, and nothing to repair', () => {
    expect(taken({})).toMatchObject({ repairs: [], agent: { level: 1, custody_level: 1, created_at: NOW } });
  });

  it('that violates no rule is migrated unchanged', () => {
    const row = {
      agent_id: 'g',
      learning_score: '412.5',
      success_rate: '0.9',
      failure_rate: '0.2',
      pass_rate: '0.8',
      xp: '1200',
      level: '4',
      total_tests_given: '10',
      total_tests_passed: '8',
      total_tests_failed: '2',
      consecutive_failures: '1',
      last_success: '2025-01-25 10:00:00.123456',
      custody_level: '3',
      custody_xp: '350',
      current_difficulty: 'expert',
      test_history: history({ passed: true, score: 80 }),
      config: '{"a": [1, 2.5]}',
      created_at: '2024-12-31 23:59:59',
    };
    expect(taken(row)).toMatchObject({
      repairs: [],
      agent: {
        agent_id: 'g',
        learning_score: 412.5,
        failure_rate: 0.2,
        level: 4,
        current_difficulty: 'expert',
        last_success: new Date('2025-01-25T10:00:00.123Z'),
        test_history: [{ passed: true, score: 80 }],
        config: { a: [1, 2.5] },
        created_at: new Date('2024-12-31T23:59:59Z'),
      },
    });
  });
});

describe('repairs', () => {
  it.each<[LegacyRow, object, string[]]>([
    [{ xp: '-5' }, { xp: 0 }, ['xp: out_of_range']],
    [{ custody_xp: '2147483648' }, { custody_xp: 2_147_483_647 }, ['custody_xp: out_of_range']],
    [{ prestige: '2.9' }, { prestige: 2 }, ['prestige: not_whole']],
    [{ prestige: 'many' }, { prestige: 0 }, ['prestige: not_a_number']],
    [{ learning_score: 'NaN' }, { learning_score: 0 }, ['learning_score: not_a_number']],
    [{ learning_score: 'Infinity' }, { learning_score: 1e9 }, ['learning_score: out_of_range']],
    [
      { learning_score: '0.12345678901234567890' },
      { learning_score: 0.12345678901234568 },
      ['learning_score: rounded'],
    ],
    [{ success_rate: '85' }, { success_rate: 0.85 }, ['success_rate: percentage']],
    [{ success_rate: '1.0000001' }, { success_rate: 1 }, ['success_rate: out_of_range']],
    [{ success_rate: '101' }, { success_rate: 1 }, ['success_rate: out_of_range']],
    [{ success_rate: '-0.1' }, { success_rate: 0 }, ['success_rate: out_of_range']],
    [{ success_rate: 'NaN' }, { success_rate: 0 }, ['success_rate: not_a_number']],
    [{ level: '0' }, { level: 1 }, ['level: out_of_range']],
    [{ xp: '5000', level: '1' }, { level: 3 }, ['level: below_xp']],
    [{ xp: '0', level: '7' }, { level: 7 }, []],
    [{ custody_xp: '300', custody_level: null }, { custody_level: 3 }, ['custody_level: from_custody_xp']],
    [{ custody_xp: '300', custody_level: '0' }, { custody_level: 3 }, ['custody_level: from_custody_xp']],
    [{ custody_xp: '0', custody_level: '12' }, { custody_level: 12, current_difficulty: 'intermediate' }, []],
    [
      { custody_level: '12', current_difficulty: null },
      { current_difficulty: 'intermediate' },
      ['current_difficulty: from_custody_level'],
    ],
    [{ current_difficulty: ' Expert' }, { current_difficulty: 'expert' }, ['current_difficulty: spelling']],
    [{ current_difficulty: 'Hard' }, { current_difficulty: 'Hard' }, []],
    [{ status: 'x'.repeat(21) }, { status: 'x'.repeat(20) }, ['status: too_long']],
    [{ status: '🤖'.repeat(20) }, { status: '🤖'.repeat(20) }, []],
    [{ is_active: 'perhaps' }, { is_active: true }, ['is_active: not_a_flag']],
    [{ is_active: 'f' }, { is_active: false }, []],
    [{ last_success: 'infinity' }, { last_success: null }, ['last_success: not_a_time']],
    [{ last_success: '2025-01-25 10:00:00+02' }, { last_success: new Date('2025-01-25T08:00:00Z') }, []],
    [
      { created_at: null, updated_at: '2025-01-25' },
      { created_at: new Date('2025-01-25') },
      ['created_at: time_unknown'],
    ],
  ])('%j', (row, agent, why) => {
    expect(taken(row).agent).toMatchObject(agent);
    expect(whyOf(row)).toEqual(why);
  });

  it.each<[string, LegacyRow, object, string[]]>([
    [
      'that add up stay',
      { total_tests_given: '3', total_tests_passed: '1', total_tests_failed: '2', pass_rate: '0.33' },
      { total_tests_given: 3, pass_rate: 1 / 3, failure_rate: 2 / 3 },
      ['pass_rate: rate_of_tests'],
    ],
    [
      'that do not add up',
      { total_tests_given: '9', total_tests_passed: '1', total_tests_failed: '1' },
      { total_tests_given: 2, pass_rate: 0.5, failure_rate: 0.5 },
      ['total_tests_given: does_not_add_up'],
    ],
    [
      'of which one is missing',
      { total_tests_given: '10', total_tests_passed: '8', total_tests_failed: null },
      { total_tests_failed: 2, pass_rate: 0.8 },
      ['total_tests_failed: counted_from_others'],
    ],
    [
      'whose sum is missing',
      { total_tests_given: null, total_tests_passed: '8', total_tests_failed: '2' },
      { total_tests_given: 10 },
      ['total_tests_given: counted_from_others'],
    ],
    [
      'whose sum is out of range',
      { total_tests_passed: '2147483647', total_tests_failed: '5' },
      { total_tests_given: 2_147_483_647, total_tests_failed: 0 },
      ['total_tests_failed: out_of_range'],
    ],
    [
      'that the rates contradict',
      { total_tests_passed: '8', total_tests_failed: '2', pass_rate: '0.5', failure_rate: '0.5' },
      { pass_rate: 0.8, failure_rate: 0.2 },
      ['pass_rate: rate_of_tests', 'failure_rate: rate_of_tests'],
    ],
    [
      'beside a failure rate that learning reported',
      { total_tests_passed: '8', total_tests_failed: '2', pass_rate: '0.8', failure_rate: '0.5' },
      { pass_rate: 0.8, failure_rate: 0.5 },
      [],
    ],
  ])('counters %s', (_, row, agent, why) => {
    expect(taken(row).agent).toMatchObject(agent);
    expect(whyOf(row)).toEqual(why);
  });

  it.each<[string, LegacyRow, object]>([
    ['the history says passed', { test_history: history({ passed: true }) }, { consecutive_failures: 0 }],
    ['the history says failed', { test_history: history({ passed: false }) }, { consecutive_successes: 0 }],
    [
      'the last success is later',
      { last_success: '2025-01-02', last_failure: '2025-01-01' },
      { consecutive_failures: 0 },
    ],
    [
      'the last failure is later',
      { last_success: '2025-01-01', last_failure: '2025-01-02' },
      { consecutive_successes: 0 },
    ],
    ['nothing tells', {}, { consecutive_successes: 0 }],
  ])('of two streaks one stays: %s', (_, row, ended) => {
    const both = { ...row, consecutive_successes: '3', consecutive_failures: '4' };
    const kept = { consecutive_successes: 3, consecutive_failures: 4, ...ended };
    expect(taken(both).agent).toMatchObject(kept);
    expect(whyOf(both)).toEqual([`${Object.keys(ended).join()}: streaks_exclude`]);
  });

  it.each<[string, unknown, string[]]>([
    [
      '[{"score": 1}, 7, "seven", null, [1]]',
      [{ score: 1 }, { entry: 7 }, { entry: 'seven' }, { entry: null }, { entry: [1] }],
      ['not_an_object'],
    ],
    ['"[{\\"score\\": 1}]"', [{ score: 1 }], ['json_in_text']],
    ['null', [], ['was_null']],
    ['{"score": 1}', [{ score: 1 }], ['not_a_list']],
    ['no json', [{ entry: 'no json' }], ['not_json', 'not_a_list', 'not_an_object']],
    ['[{"text": "a\\u0000b\\ud800"}]', [{ text: 'a\uFFFDb\uFFFD' }], ['character']],
    ['[{"big": 12345678901234567890}]', [{ big: 12_345_678_901_234_567_000 }], ['json_number']],
    ['[{"huge": 1e999}]', [{ huge: 'Infinity' }], ['json_number']],
    ['[{"text": "12345678901234567890"}]', [{ text: '12345678901234567890' }], []],
  ])('history %s', (text, list, why) => {
    expect(taken({ test_history: text }).agent.test_history).toEqual(list);
    expect(whyOf({ test_history: text })).toEqual(why.map((rule) => `test_history: ${rule}`));
  });

  it('keep the newest of a list that is longer than its window', () => {
    const entries = Array.from({ length: 60 }, (_, index) => ({ score: index }));
    const { agent } = taken({ test_history: JSON.stringify(entries) });
    expect(agent.test_history).toEqual(entries.slice(10));
    expect(whyOf({ test_history: JSON.stringify(entries) })).toEqual(['test_history: beyond_window']);
  });

  it('keep as text what is nested too deep', () => {
    const { agent } = taken({ config: '['.repeat(40) + ']'.repeat(40) });
    expect(JSON.stringify(agent.config)).toBe(
      `${'['.repeat(32)}${JSON.stringify('['.repeat(8) + ']'.repeat(8))}${']'.repeat(32)}`,
    );
    const deepest = '['.repeat(5_000) + ']'.repeat(5_000);
    expect(whyOf({ config: deepest })).toEqual(['config: nested_too_deep']);
  });
});
