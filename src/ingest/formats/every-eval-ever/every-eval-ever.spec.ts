import { describe, expect, it } from '@jest/globals';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';

const result = (more: object = {}, score: unknown = 0.55): object => ({
  evaluation_name: 'gsm8k',
  metric_config: {
    lower_is_better: false,
    score_type: 'continuous',
    min_score: 0,
    max_score: 1,
    metric_id: 'acc',
    ...more,
  },
  score_details: { score },
});
const aggregate = (results: readonly object[], more: object = {}): object => ({
  schema_version: '0.2.2',
  evaluation_id: 'gsm8k/org/m/1747312345',
  retrieved_timestamp: '1747312345.0',
  eval_library: { name: 'inspect_ai', version: '1' },
  model_info: { id: 'org/m', name: 'M' },
  evaluation_results: results,
  ...more,
});
const instance = (more: object = {}): object => ({
  schema_version: 'instance_level_eval_0.2.2',
  evaluation_id: 'gsm8k/org/m/1747312345',
  model_id: 'org/m',
  evaluation_name: 'gsm8k',
  sample_id: 's1',
  interaction_type: 'single_turn',
  input: { raw: 'q' },
  evaluation: { score: 1, is_correct: true },
  performance: { latency_ms: 1500 },
  ...more,
});

describe('aggregates', () => {
  it.each([
    [{}, 0.55, 55],
    [{ min_score: 0, max_score: 100 }, 80, 80],
    [{ min_score: -1, max_score: 1 }, 0, 50],
    [{ lower_is_better: true }, 0.2, 80],
    [{ score_type: 'binary', min_score: undefined, max_score: undefined }, 1, 100],
    [{ score_type: 'levels', level_names: ['a', 'b', 'c'], min_score: undefined, max_score: undefined }, 1, 50],
  ])('%j, %d: %d', async (config, score, expected) => {
    const { cases, format } = await readContentOf(aggregate([result(config, score)]));
    expect(format).toBe('every-eval-ever');
    expect(cases).toMatchObject([
      {
        score: expected,
        outcome: expected >= 70 ? 'passed' : 'failed',
        model: 'org/m',
        task: 'gsm8k',
        timestamp: new Date(1747312345000),
      },
    ]);
  });

  it.each([
    [{ score_type: 'levels', has_unknown_level: true, level_names: ['a', 'b'] }, -1, 'unknown_level'],
    [{}, 55, 'score_out_of_range'],
    [{ min_score: 1, max_score: 1 }, 1, 'score_out_of_range'],
    [{}, null, 'no_score'],
  ])('does not record %j, %s: %s', async (config, score, code) => {
    expect((await readContentOf(aggregate([result(config, score)]))).skipped).toMatchObject([{ code }]);
  });

  it('has ids that do not depend on the layout', async () => {
    const one = await readContentOf(aggregate([result(), result({ metric_id: 'f1' })]));
    const lines = await readContentOf(`${JSON.stringify(aggregate([result({ metric_id: 'f1' }), result()]))}\n{"x":1}`);
    const array = await readContentOf([aggregate([result()])]);
    expect(lines.cases.map(({ id }) => id).reverse()).toEqual(one.cases.map(({ id }) => id));
    expect(lines.skipped).toMatchObject([{ code: 'malformed' }]);
    expect(array.cases[0]?.id).toBe(one.cases[0]?.id);
  });
});

describe('samples', () => {
  const read = async (...records: object[]) =>
    readContentOf(records.map((record) => JSON.stringify(record)).join('\n'));

  it.each([
    [{}, 'passed', 100, []],
    [{ evaluation: { score: 0.2, is_correct: true } }, 'passed', 20, []],
    [{ evaluation: { score: 0.75, is_correct: null } }, 'passed', 75, []],
    [{ evaluation: { score: 0.5, is_correct: null } }, 'failed', 50, []],
    [{ evaluation: { score: 7, is_correct: false } }, 'failed', 0, ['score_from_outcome']],
    [{ error: 'timeout' }, 'errored', null, []],
    [{ evaluation: null, error: 'timeout' }, 'errored', null, []],
  ])('%j: %s', async (more, outcome, score, notes) => {
    const { cases } = await read(instance(more), instance({ sample_id: 's2' }));
    expect(cases[0]).toMatchObject({
      outcome,
      score,
      model: 'org/m',
      task: 'gsm8k',
      duration: 1.5,
      timestamp: new Date(1747312345000),
    });
    expect(cases[0]?.notes.map(({ code }) => code)).toEqual(notes);
  });

  it('does not record a score out of range', async () => {
    expect((await read(instance({ evaluation: { score: 7, is_correct: null } }))).skipped).toMatchObject([
      { code: 'score_out_of_range' },
    ]);
    expect((await read(instance({ evaluation: {} }))).skipped).toMatchObject([{ code: 'no_score' }]);
  });

  it('distinguishes samples with the same id by their order', async () => {
    const { cases } = await read(instance(), instance(), instance({ sample_id: 's2' }));
    expect(new Set(cases.map(({ id }) => id)).size).toBe(3);
    expect((await read(instance())).cases[0]?.id).toBe(cases[0]?.id);
  });
});
