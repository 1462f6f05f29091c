import { describe, expect, it } from '@jest/globals';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';

const row = (more: object = {}): object => ({
  id: 'r1',
  success: true,
  score: 1,
  latencyMs: 1500,
  failureReason: 0,
  gradingResult: { pass: true, score: 1, reason: 'All assertions passed', componentResults: [] },
  provider: { id: 'openai:gpt-5', label: '' },
  testIdx: 0,
  promptIdx: 0,
  response: { output: 'x'.repeat(1000) },
  ...more,
});
const file = (rows: readonly object[], more: object = {}): object => ({
  evalId: 'eval-abc-2025-10-01T20:08:11',
  results: { version: 3, timestamp: '2025-10-01T20:08:11.168Z', prompts: [], results: rows, stats: {} },
  config: { description: 'Riddles', tests: [] },
  shareableUrl: 'https://example.org/eval/1',
  ...more,
});

describe('outcomes and scores', () => {
  it.each([
    [{}, 'passed', 100],
    [{ success: false, score: 0.75, failureReason: 1, error: 'too slow' }, 'failed', 75],
    [{ success: false, score: 0, failureReason: 2, error: 'HTTP 500' }, 'errored', null],
    [{ success: false, failureReason: 2 }, 'errored', null],
    [{ success: false, error: 'HTTP 500', gradingResult: null, failureReason: undefined }, 'errored', null],
    [{ success: false, error: 'HTTP 500', gradingResult: undefined, failureReason: 0 }, 'errored', null],
    [{ gradingResult: null, error: null }, 'passed', 100],
    [{ gradingResult: null, error: '' }, 'passed', 100],
    [{ success: undefined, score: 0.5 }, 'passed', 50],
    [{ success: true, score: 0.2 }, 'passed', 20],
    [{ score: '0.5' }, 'passed', 50],
  ])('%j: %s, %s', async (more, outcome, score) => {
    const { cases } = await readContentOf(file([row(more)]));
    expect(cases).toMatchObject([{ outcome, score, notes: [] }]);
  });

  it.each([
    [1.5, 100],
    [-2, 0],
  ])('clamps the score %d, with a note', async (score, clamped) => {
    const { cases } = await readContentOf(file([row({ score })]));
    expect(cases).toMatchObject([{ score: clamped, notes: [{ code: 'score_clamped' }] }]);
  });

  it('takes the score from the outcome if there is none', async () => {
    const { cases } = await readContentOf(
      file([
        row({ score: null, gradingResult: { pass: false } }),
        row({ id: 'r2', score: undefined, success: false, gradingResult: {} }),
      ]),
    );
    expect(cases).toMatchObject([
      { score: 100, notes: [{ code: 'score_from_outcome' }] },
      { score: 0, notes: [{ code: 'score_from_outcome' }] },
    ]);
  });

  it('does not record results without an outcome', async () => {
    const { skipped } = await readContentOf(file([row({ success: undefined, gradingResult: undefined })]));
    expect(skipped).toMatchObject([{ code: 'no_outcome', place: 'result 1' }]);
  });
});

describe('files', () => {
  it('describe the case', async () => {
    const components = [
      { pass: true, score: 1, assertion: { type: 'contains' } },
      { pass: false, score: 0, reason: 'slow', assertion: { type: 'latency' } },
    ];
    const { cases, format } = await readContentOf(
      file([
        row({
          success: false,
          gradingResult: { pass: false, reason: 'slow', componentResults: components },
          namedScores: { tone: 0.5 },
        }),
      ]),
    );
    expect(format).toBe('promptfoo');
    expect(cases[0]).toMatchObject({
      model: 'openai:gpt-5',
      task: 'Riddles',
      duration: 1.5,
      timestamp: new Date('2025-10-01T20:08:11.168Z'),
      evidence: {
        source: 'promptfoo',
        run_id: 'eval-abc-2025-10-01T20:08:11',
        case_id: 'r1',
        evaluator: 'latency',
        url: 'https://example.org/eval/1',
        reason: 'slow',
        details: {
          named_scores: { tone: 0.5 },
          assertions: [
            { assertion: 'contains', pass: true },
            { assertion: 'latency', reason: 'slow' },
          ],
        },
      },
    });
  });

  it('of version 4 may have the results as an array', async () => {
    const { cases } = await readContentOf({
      evalId: 'e',
      version: 4,
      timestamp: '2025-10-01T20:08:11Z',
      results: [row()],
    });
    expect(cases).toMatchObject([{ outcome: 'passed', timestamp: new Date('2025-10-01T20:08:11Z') }]);
  });

  it('of several providers, with the configuration after the results', async () => {
    const failed = (id: string, provider: string, score: number): object => ({
      ...row({ id, success: false, score, failureReason: 1, error: 'too slow', provider: { id: provider, label: '' } }),
      gradingResult: { pass: false, score, reason: 'too slow', componentResults: [], assertion: null },
    });
    const results = [failed('a', 'p:mini', 0.75), failed('b', 'p', 2 / 3), failed('c', 'p:mini', 0)];
    const prompts = [{ raw: 'x', provider: 'p', metrics: { score: 0.5, testFailCount: 2 } }];
    const { cases, skipped } = await readContentOf({
      evalId: 'eval-xyz-2026-01-21T03:44:18',
      results: { version: 3, timestamp: '2026-01-21T03:44:18.000Z', prompts, results, stats: { failures: 3 } },
      config: { tags: {}, description: 'Sums', tests: [{ vars: {}, assert: [] }], defaultTest: { metadata: {} } },
      shareableUrl: null,
      metadata: { promptfooVersion: '0.118.10', exportedAt: '2026-01-21T03:45:00.000Z' },
    });
    expect(skipped).toEqual([]);
    expect(cases.map(({ model, task, outcome, score }) => [model, task, outcome, score])).toEqual([
      ['p:mini', 'Sums', 'failed', 75],
      ['p', 'Sums', 'failed', 66.6666666667],
      ['p:mini', 'Sums', 'failed', 0],
    ]);
    expect(cases[0]?.evidence).toMatchObject({ reason: 'too slow', details: { promptfoo_version: '0.118.10' } });
  });

  it('of JSON Lines', async () => {
    const lines = [row({ evalId: 'e' }), row({ evalId: 'e', id: 'r2', provider: 'echo' })].map((value) =>
      JSON.stringify(value),
    );
    const { cases, skipped } = await readContentOf(`${lines.join('\n')}\n\n{"id":"r3","succ`);
    expect(cases.map(({ model }) => model)).toEqual(['openai:gpt-5', 'echo']);
    expect(skipped).toMatchObject([{ code: 'malformed', place: 'line 4' }]);
    expect((await readContentOf(lines[0] ?? '')).cases).toHaveLength(1);
  });

  it('of red teams have plugins as tasks', async () => {
    const { cases } = await readContentOf(
      file([
        row({ metadata: { pluginId: 'harmful:hate', strategyId: 'jailbreak' } }),
        row({ id: '2', testCase: { metadata: { pluginId: 'pii' } } }),
      ]),
    );
    expect(cases.map(({ task }) => task)).toEqual(['harmful:hate', 'pii']);
    expect(cases[0]?.evidence.details).toMatchObject({ plugin: 'harmful:hate', strategy: 'jailbreak' });
  });

  it.each([
    { evalId: 'e', results: { version: 2, results: [row()], table: { head: {}, body: [] } } },
    { results: { table: { head: {}, body: [] } } },
    { version: 1, results: { outputs: [] } },
  ])('of version 2 are refused', async (content) => {
    await expect(readContentOf(content)).rejects.toThrow(/version 2 or earlier/);
  });

  it('without results are read', async () => {
    expect((await readContentOf(file([]))).items).toEqual([]);
  });

  it('that are cut are refused', async () => {
    const text = JSON.stringify(file([row()]));
    await expect(readContentOf(text.slice(0, -20))).rejects.toMatchObject({ line: 1, column: text.length - 19 });
  });
});

describe('identity', () => {
  const ids = async (content: string | object, run?: string): Promise<string[]> =>
    (await readContentOf(content, { run })).cases.map(({ id }) => id);

  it('is evaluation and id', async () => {
    const [one, two] = await ids(file([row(), row({ id: 'r2' })]));
    expect(await ids(file([row({ id: 'r3' }), row({ id: 'r2' }), row({ score: 0.5 })]))).toEqual([
      expect.any(String),
      two,
      one,
    ]);
    expect(await ids(file([row()], { evalId: 'other' }))).not.toEqual([one]);
    expect(await ids(JSON.stringify(row({ evalId: 'eval-abc-2025-10-01T20:08:11' })))).toEqual([one]);
  });

  it('is recorded once', async () => {
    const { cases, skipped } = await readContentOf(file([row(), row()]));
    expect([cases.length, skipped[0]?.code]).toEqual([1, 'duplicate']);
  });

  it('is the position of the test without ids', async () => {
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, testIdx) => JSON.stringify(row({ id: undefined, testIdx: testIdx % 3 }))).join(
        '\n',
      );
    const four = await ids(lines(4));
    expect(new Set(four).size).toBe(4);
    expect((await ids(lines(5))).slice(0, 4)).toEqual(four);
    expect(await ids(lines(2), 'run')).not.toEqual(four.slice(0, 2));
  });
});
