import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCustodyTest, createFailedCustodyTest } from '../../factories/custody-test.factory.js';
import { stopClock } from '../../support/stopped-clock.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, CUSTODY, custodyPath, STANDINGS } from '../support/paths.js';
import { expectProblem, expectRefused } from '../support/problem.js';
import { type Json, sent } from '../support/read.js';

const HOUR = 3_600_000;
/** End of the newest test of each agent. */
const TESTED = new Date(Date.now() - HOUR);
const hoursLater = (hours: number) => new Date(TESTED.getTime() + hours * HOUR).toISOString();

describe('custody API', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    const timestamp = TESTED.toISOString();
    for (const xp_awarded of [300, 50, 0]) {
      const result = createCustodyTest({ timestamp, xp_awarded });
      await sent(app, 'POST', agentPath('guardian', 'custody-test'), result);
    }
    await sent(app, 'POST', agentPath('sandbox', 'custody-test'), createFailedCustodyTest({ timestamp }));
  });
  beforeEach(() => {
    stopClock(app.app, new Date(hoursLater(1)));
  });
  afterAll(() => app.close());

  const asked = async (path: string): Promise<Json> => (await sent(app, 'GET', path)).body as Json;

  it('returns the eligibility of an agent with all requirements', async () => {
    expect(await asked(custodyPath('guardian', 'eligibility'))).toEqual({
      status: 'success',
      agent_type: 'guardian',
      timestamp: hoursLater(1),
      eligibility: {
        propose: {
          eligible: true,
          requirements: [
            {
              code: 'tests_passed',
              name: 'tests passed',
              comparison: 'at_least',
              required: 1,
              actual: 3,
              unit: 'tests',
              met: true,
              until: null,
            },
            {
              code: 'failure_streak',
              name: 'tests failed in a row',
              comparison: 'at_most',
              required: 3,
              actual: 0,
              unit: 'tests',
              met: true,
              until: null,
            },
            {
              code: 'recent_pass',
              name: 'time since a test was last passed',
              comparison: 'at_most',
              required: 86_400,
              actual: 3_600,
              unit: 'seconds',
              met: true,
              until: hoursLater(24),
            },
            {
              code: 'active',
              name: 'agent is active (is_active)',
              comparison: 'equal',
              required: true,
              actual: true,
              unit: null,
              met: true,
              until: null,
            },
          ],
        },
        level_up: {
          eligible: true,
          requirements: [
            expect.objectContaining({ code: 'recent_tests', required: 3, actual: 3, met: true }),
            expect.objectContaining({ code: 'recent_pass_rate', required: 0.8, actual: 1, met: true }),
            expect.objectContaining({ code: 'failure_streak', required: 2, actual: 0, met: true }),
            expect.objectContaining({ code: 'custody_xp', required: 100, actual: 350, met: true }),
          ],
        },
      },
    });
  });

  it('closes the propose gate 24 hours after the last passed test, to the millisecond', async () => {
    const proposal = async () => {
      const { eligibility } = await asked(custodyPath('guardian', 'eligibility'));
      return (eligibility as { propose: Json }).propose;
    };
    stopClock(app.app, new Date(hoursLater(24)));
    expect(await proposal()).toMatchObject({ eligible: true });
    stopClock(app.app, new Date(new Date(hoursLater(24)).getTime() + 1));
    expect(await proposal()).toMatchObject({
      eligible: false,
      requirements: expect.arrayContaining([
        expect.objectContaining({ code: 'recent_pass', actual: 86_400.001, met: false, until: hoursLater(24) }),
      ]),
    });
  });

  it('returns the difficulty of an agent, and the requirements of the next one', async () => {
    expect(await asked(custodyPath('guardian', 'difficulty'))).toEqual({
      status: 'success',
      agent_type: 'guardian',
      timestamp: hoursLater(1),
      difficulty: {
        current_difficulty: 'basic',
        custody_level: 3,
        custody_xp: 350,
        next: { difficulty: 'intermediate', custody_level: 10, custody_xp: 4_500, custody_xp_needed: 4_150 },
      },
    });
  });

  it('returns the schedule of an agent', async () => {
    expect(await asked(custodyPath('guardian', 'schedule'))).toEqual({
      status: 'success',
      agent_type: 'guardian',
      timestamp: hoursLater(1),
      schedule: {
        last_test_date: hoursLater(0),
        next_regular_test_at: hoursLater(4),
        retry_at: null,
        next_test_at: hoursLater(4),
        is_due: false,
        is_overdue: false,
        overdue_since: null,
      },
    });
    expect(await asked(custodyPath('sandbox', 'schedule'))).toMatchObject({
      schedule: { next_regular_test_at: hoursLater(4), retry_at: hoursLater(2), next_test_at: hoursLater(2) },
    });
  });

  it('returns the start of the overdue period', async () => {
    stopClock(app.app, new Date(hoursLater(30)));
    expect(await asked(custodyPath('guardian', 'schedule'))).toMatchObject({
      schedule: { is_due: true, is_overdue: true, overdue_since: hoursLater(24) },
    });
  });

  it('returns the recommendations for an agent', async () => {
    expect(await asked(custodyPath('sandbox', 'recommendations'))).toEqual({
      status: 'success',
      agent_type: 'sandbox',
      timestamp: hoursLater(1),
      recommendations: [
        {
          agent_type: 'sandbox',
          code: 'needs_improvement',
          severity: 'warning',
          message: 'sandbox needs improvement: its pass rate is 0 % and should be at least 85 %.',
        },
      ],
    });
    expect(await asked(custodyPath('guardian', 'recommendations'))).toMatchObject({ recommendations: [] });
  });

  it('returns the standing of one agent, and of all in the order of their creation', async () => {
    const { standing } = await asked(custodyPath('guardian'));
    expect(standing).toEqual({
      agent_type: 'guardian',
      status: 'idle',
      is_active: true,
      may_propose: true,
      may_level_up: true,
      current_difficulty: 'basic',
      custody_level: 3,
      custody_xp: 350,
      total_tests_given: 3,
      total_tests_passed: 3,
      total_tests_failed: 0,
      pass_rate: 1,
      consecutive_successes: 3,
      consecutive_failures: 0,
      last_test_date: hoursLater(0),
      next_test_at: hoursLater(4),
      is_due: false,
      is_overdue: false,
      focus: ['security_awareness', 'code_quality', 'performance_optimization'],
      recommendations: [],
    });
    const all = await asked(STANDINGS);
    expect(Object.keys(all).sort()).toEqual(['agents', 'next_cursor', 'status', 'timestamp']);
    const agents = all['agents'] as Json[];
    expect(agents.map(({ agent_type }) => agent_type)).toEqual(['imperium', 'guardian', 'sandbox', 'conquest']);
    expect(agents[1]).toEqual(standing);
    expect(agents[3]).toMatchObject({
      may_propose: false,
      next_test_at: null,
      is_due: true,
      recommendations: [{ agent_type: 'conquest', code: 'first_test' }],
    });
  });

  it('returns agents page by page', async () => {
    const first = await asked(`${STANDINGS}?limit=3`);
    const second = await asked(`${STANDINGS}?limit=3&cursor=${String(first['next_cursor'])}`);
    expect(second).toMatchObject({ agents: [{ agent_type: 'conquest' }], next_cursor: null });
  });

  it('returns the test categories', async () => {
    const { test_catalogue } = await asked(`${CUSTODY}/categories`);
    const { categories, time_limits, pass_mark } = test_catalogue as Record<string, unknown>;
    expect(categories).toHaveLength(8);
    expect((categories as Json[])[1]).toEqual({
      category: 'code_quality',
      description: expect.stringMatching(/\w/),
      difficulty_focus: ['intermediate', 'advanced'],
      focus_of: ['guardian', 'sandbox', 'conquest'],
      focus_of_others: false,
    });
    expect(time_limits).toMatchObject({ basic: 300, legendary: 3_600 });
    expect(pass_mark).toBe(70);
  });

  it('is computed from the committed state on each read', async () => {
    await sent(app, 'PUT', agentPath('imperium'), { is_active: false });
    expect(await asked(custodyPath('imperium'))).toMatchObject({ standing: { is_active: false } });
  });

  describe.each(['', 'eligibility', 'difficulty', 'schedule', 'recommendations'])('GET …/%s', (below) => {
    it('returns 404 for an agent that does not exist', async () => {
      const path = custodyPath('nobody', below);
      expectProblem(await app.send('GET', path), 'agent_not_found', path);
    });

    it.each(['a%00b', 'a'.repeat(51)])('rejects an invalid agent type: %s', async (name) => {
      const path = `${STANDINGS}/${name}${below === '' ? '' : `/${below}`}`;
      await expectRefused(app, { method: 'GET', path }, 'validation_failed', 'agent_type');
    });

    it('has no deprecation header, and no entity tag, because the response depends on time', async () => {
      const { headers } = await sent(app, 'GET', custodyPath('guardian', below));
      expect([headers.get('deprecation'), headers.get('link'), headers.get('etag')]).toEqual([null, null, null]);
    });
  });
});
