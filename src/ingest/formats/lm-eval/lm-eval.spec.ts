import { describe, expect, it } from '@jest/globals';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';

const sample = (more: object = {}): object => ({
  doc_id: 0,
  doc: { question: 'x'.repeat(100) },
  target: '3',
  resps: [['y']],
  filter: 'none',
  metrics: ['exact_match'],
  doc_hash: 'd0',
  exact_match: 1,
  ...more,
});
const lines = (...rows: object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const NAMED = 'samples_gsm8k_2026-01-21T03-44-18.458309.jsonl';

describe('samples', () => {
  it.each([
    [{ exact_match: 1 }, 'exact_match', 100, 'passed'],
    [{ exact_match: 0.0 }, 'exact_match', 0, 'failed'],
    [{ exact_match: '0.75' }, 'exact_match', 75, 'passed'],
    [{ exact_match: true }, 'exact_match', 100, 'passed'],
    [{ metrics: ['acc_norm', 'acc'], acc_norm: 1, acc: 0 }, 'acc', 0, 'failed'],
    [{ metrics: ['acc_norm'], acc_norm: 1 }, 'acc_norm', 100, 'passed'],
    [{ metrics: ['acc', 'exact_match'], acc: null }, 'exact_match', 100, 'passed'],
    [{ metrics: ['word_perplexity', 'rouge1'], word_perplexity: 0.5, rouge1: 0.5 }, 'rouge1', 50, 'failed'],
    [{ metrics: undefined, acc: 1 }, 'acc', 100, 'passed'],
    [{ filter: 'strict-match' }, 'exact_match,strict-match', 100, 'passed'],
  ])('%j: %s', async (more, evaluator, score, outcome) => {
    const { cases } = await readContentOf(lines(sample(more), sample({ doc_hash: 'd1' })));
    expect(cases[0]).toMatchObject({ score, outcome, evidence: { evaluator, case_id: 'd0' } });
  });

  it.each([
    [{ exact_match: null }, undefined, 'metric_absent'],
    [{ exact_match: null }, 'exact_match', 'no_score'],
    [{ exact_match: 42 }, 'exact_match', 'score_out_of_range'],
    [{ exact_match: [1, 2] }, 'exact_match', 'score_not_a_number'],
    [{ brier_score: 0.2 }, 'brier_score', 'lower_is_better'],
    [{}, 'acc', 'metric_absent'],
    [{}, 'exact_match,strict', 'filter_not_selected'],
  ])('does not record %j with the metric %s: %s', async (more, metric, code) => {
    const { cases, skipped } = await readContentOf(lines(sample(more)), { metric });
    expect(cases).toEqual([]);
    expect(skipped).toMatchObject([{ code, place: 'line 1' }]);
  });

  it('reads NaN, and damaged lines', async () => {
    const { cases, skipped } = await readContentOf(
      `${lines(sample())}\n${lines(sample({ doc_hash: 'd1' })).replace('"exact_match":1', '"exact_match":NaN')}\n[]\n{"doc_id": 3, "doc`,
    );
    expect(cases).toHaveLength(1);
    expect(skipped.map(({ place, code }) => [place, code])).toEqual([
      ['line 2', 'metric_absent'],
      ['line 3', 'malformed'],
      ['line 4', 'malformed'],
    ]);
  });

  it('is one case per document and filter', async () => {
    const { cases, skipped } = await readContentOf(lines(sample(), sample({ filter: 'flexible' }), sample()));
    expect(cases.map(({ evidence }) => evidence.evaluator)).toEqual(['exact_match', 'exact_match,flexible']);
    expect(skipped).toMatchObject([{ code: 'duplicate' }]);
  });

  it('records only the filter that is chosen', async () => {
    const { cases, skipped } = await readContentOf(lines(sample(), sample({ filter: 'flexible' })), {
      metric: 'exact_match,flexible',
    });
    expect(cases).toHaveLength(1);
    expect(skipped).toMatchObject([{ code: 'filter_not_selected' }]);
  });

  it('takes task and time from the name of the file', async () => {
    const { cases } = await readContentOf(lines(sample()), { name: NAMED });
    expect(cases).toMatchObject([{ task: 'gsm8k', timestamp: new Date('2026-01-21T03:44:18.458Z'), model: null }]);
  });

  it('reads arrays of earlier releases', async () => {
    const { cases, skipped } = await readContentOf([sample(), sample({ doc_hash: undefined, doc_id: 7 }), 3]);
    expect(cases.map(({ evidence }) => evidence.case_id)).toEqual(['d0', 'doc 7']);
    expect(skipped).toMatchObject([{ code: 'malformed', place: 'sample 3' }]);
    await expect(readContentOf('[{"doc_id":1,"acc":1},\n')).rejects.toMatchObject({ line: 2 });
  });

  it('has ids of task, document, filter and time', async () => {
    const ids = async (text: string, name: string): Promise<string[]> =>
      (await readContentOf(text, { name })).cases.map(({ id }) => id);
    const [id] = await ids(lines(sample()), NAMED);
    expect(await ids(lines(sample({ doc_hash: 'd1' }), sample({ doc_id: 5 })), NAMED)).toEqual([
      expect.any(String),
      id,
    ]);
    expect(await ids(lines(sample()), NAMED.replace('gsm8k', 'arc'))).not.toEqual([id]);
    expect(await ids(lines(sample({ filter: 'x' })), NAMED)).not.toEqual([id]);
    expect(await ids(lines(sample()), NAMED.replace('03-44', '03-45'))).not.toEqual([id]);
    const [unnamed] = await ids(lines(sample()), 'a.jsonl');
    expect(await ids(lines(sample(), sample({ doc_hash: 'd1' })), 'b.jsonl')).toEqual([unnamed, expect.any(String)]);
  });
});

describe('aggregated results', () => {
  const results = (tasks: object, more: object = {}): object => ({
    results: tasks,
    configs: {},
    'n-samples': { a: { original: 100, effective: 10 } },
    'n-shot': { a: 5 },
    date: 1768964383.8593218,
    model_name: 'org/model',
    total_evaluation_time_seconds: '12.5',
    ...more,
  });

  it('are one case per task', async () => {
    const { cases } = await readContentOf(
      results({
        a: { alias: 'a', 'acc,none': 0.8, 'acc_stderr,none': 0.01, 'acc_norm,none': 0.9 },
        b: { 'exact_match,strict-match': 0.1, 'exact_match,flexible': 0.2 },
      }),
    );
    expect(cases).toMatchObject([
      {
        task: 'a',
        model: 'org/model',
        outcome: 'passed',
        score: 80,
        duration: null,
        timestamp: new Date(1768964383859),
        evidence: {
          attempt: 1,
          evaluator: 'acc,none',
          details: { aggregated: true, count: 10, stderr: 0.01, shots: 5 },
        },
      },
      { task: 'b', outcome: 'failed', score: 10, evidence: { evaluator: 'exact_match,strict-match' } },
    ]);
  });

  it('of a single task have the duration', async () => {
    expect((await readContentOf(results({ a: { 'acc,none': 1 } }))).cases).toMatchObject([{ duration: 12.5 }]);
  });

  it.each([
    [{ 'acc,none': '0.8' }, undefined, 80],
    [{ acc: 0.8, acc_stderr: 0.1 }, undefined, 80],
    [{ 'acc,none': 0.8, 'acc_norm,none': 0.9 }, 'acc_norm', 90],
    [{ 'em,x': 0.1, 'em,y': 0.2 }, 'em,y', 20],
    [{ 'acc,none': null, 'f1,none': 0.5 }, undefined, 50],
  ])('%j with the metric %s: %d', async (metrics, metric, score) => {
    expect((await readContentOf(results({ a: metrics }), { metric })).cases).toMatchObject([{ score }]);
  });

  it.each([
    [{ 'acc,none': null }, undefined, 'no_score'],
    [{ 'acc,none': 'N/A' }, undefined, 'no_score'],
    [{ 'bleu,none': 33.1 }, undefined, 'score_out_of_range'],
    [{ 'word_perplexity,none': 0.5 }, 'word_perplexity', 'lower_is_better'],
    [{ alias: 'x' }, undefined, 'metric_absent'],
    [{ 'acc,none': 1 }, 'f1', 'metric_absent'],
  ])('does not record %j with the metric %s: %s', async (metrics, metric, code) => {
    expect((await readContentOf(results({ a: metrics }), { metric })).skipped).toMatchObject([{ code }]);
  });

  it('of groups are not recorded beside their tasks', async () => {
    const { cases, skipped } = await readContentOf(
      results(
        { mmlu: { 'acc,none': 0.5 }, mmlu_a: { 'acc,none': 0.4 } },
        { groups: { mmlu: { 'acc,none': 0.5 } }, group_subtasks: { mmlu: ['mmlu_a'], mmlu_a: [] } },
      ),
    );
    expect(cases.map(({ task }) => task)).toEqual(['mmlu_a']);
    expect(skipped).toMatchObject([{ code: 'group', place: 'task mmlu' }]);
  });

  it('of groups alone are recorded', async () => {
    const { cases } = await readContentOf({
      groups: { mmlu: { 'acc,none': 0.5 } },
      config: { model: 'hf', model_args: 'pretrained=org/m,dtype=x' },
      group_subtasks: { mmlu: ['a'] },
    });
    expect(cases).toMatchObject([{ task: 'mmlu', model: 'org/m' }]);
  });

  it('without results are refused', async () => {
    await expect(readContentOf({ results: {}, configs: {} })).rejects.toThrow(/no results/);
  });
});
