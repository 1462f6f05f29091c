import { describe, expect, it } from '@jest/globals';
import {
  inspectEntries as entriesOf,
  inspectLog as log,
  inspectSample as sample,
  inspectSpec as spec,
} from '../../../../test/support/ingest/inspect-log.js';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';
import { writeZip } from '../../../../test/support/ingest/zip.js';
import type { ReadOptions } from '../../options.js';

const read = async (samples: readonly object[], options: ReadOptions = {}, more: object = {}) =>
  readContentOf(log(samples, more), options);
const asText = (content: object): string => JSON.stringify(content).replaceAll('"NAN"', 'NaN');

describe('scores', () => {
  it.each([
    ['C', 100, 'passed'],
    ['I', 0, 'failed'],
    ['P', 50, 'failed'],
    ['N', 0, 'failed'],
    [true, 100, 'passed'],
    [false, 0, 'failed'],
    ['yes', 100, 'passed'],
    [0.65, 65, 'failed'],
    [0.7, 70, 'passed'],
    [0.57, 57, 'failed'],
    [1, 100, 'passed'],
    ['0.75', 75, 'passed'],
  ])('%j: %d, %s', async (value, score, outcome) => {
    const { cases } = await read([sample(1, value)]);
    expect(cases).toMatchObject([{ score, outcome }]);
  });

  it.each([
    [7, 'score_out_of_range'],
    [-0.5, 'score_out_of_range'],
    ['excellent', 'score_not_a_number'],
    [null, 'no_score'],
    [{ a: 1, b: 0 }, 'score_not_selected'],
    [[1, 0], 'score_not_selected'],
  ])('does not record %j: %s', async (value, code) => {
    const { cases, skipped } = await read([sample(1, value)]);
    expect(cases).toEqual([]);
    expect(skipped).toMatchObject([{ code, place: 'sample 1, epoch 1' }]);
  });

  it('reads bare NaN and Infinity, and does not record them', async () => {
    const content = asText(log([sample(1, 'NAN'), sample(2, 1), sample(3, 'NAN')], { results: { metrics: 'NAN' } }));
    const { cases, skipped } = await readContentOf(content.replace('NaN', '-Infinity'));
    expect(cases.map(({ evidence }) => evidence.case_id)).toEqual(['2']);
    expect(skipped.map(({ code }) => code)).toEqual(['no_score', 'no_score']);
  });

  it('uses another pass mark', async () => {
    expect((await read([sample(1, 0.6)], { passMark: 60 })).cases).toMatchObject([{ outcome: 'passed' }]);
  });
});

describe('choice of the scorer', () => {
  const two = {
    scores: { b: { value: 'I' }, 'x.y': { value: { k: 1, 'p.q': 0.5 } }, a: { value: 'C' }, l: { value: [0, 1] } },
  };
  const scorers = { eval: { ...spec, scorers: [{ name: 'pkg/a' }, { name: 'b' }] } };

  it.each([
    [undefined, 'a', 100],
    ['b', 'b', 0],
    ['x.y.k', 'x.y.k', 100],
    ['x.y.p.q', 'x.y.p.q', 50],
    ['l.1', 'l.1', 100],
  ])('%s: %s', async (scorer, evaluator, score) => {
    const { cases } = await read([sample(1, null, two)], { scorer }, scorers);
    expect(cases).toMatchObject([{ score, evidence: { evaluator } }]);
  });

  it.each(['c', 'x.y.z', 'a.k', 'toString'])('%s is absent', async (scorer) => {
    const { cases, skipped } = await read([sample(1, null, two)], { scorer }, scorers);
    expect(cases).toEqual([]);
    expect(skipped).toMatchObject([{ code: 'scorer_absent' }]);
  });

  it('is the same for all samples', async () => {
    const { cases, skipped } = await read(
      [sample(1, null, two), sample(2, null, { scores: { b: { value: 'C' } } })],
      {},
      scorers,
    );
    expect(cases).toHaveLength(1);
    expect(skipped).toMatchObject([{ code: 'scorer_absent', reason: expect.stringContaining('b') }]);
  });

  it('falls back to the results, then to the samples', async () => {
    const { cases } = await read(
      [sample(1, null, two)],
      {},
      { eval: { ...spec, scorers: undefined }, results: { scores: [{ name: 'k', scorer: 'b' }] } },
    );
    expect(cases[0]?.evidence.evaluator).toBe('b');
    const without = await read(
      [sample(1, null, two)],
      {},
      { eval: { ...spec, scorers: undefined }, results: undefined },
    );
    expect(without.cases[0]?.evidence.evaluator).toBe('b');
  });
});

describe('samples without a score', () => {
  it.each([
    [{ error: { message: 'boom', traceback: 'x'.repeat(100_000) } }, 'boom'],
    [{ limit: { type: 'token', limit: 1000 } }, 'limit exceeded: token 1000'],
  ])('are errored: %j', async (more, reason) => {
    for (const scores of [{}, null, undefined]) {
      const { cases } = await read([sample(1, null, { scores, ...more })]);
      expect(cases).toMatchObject([{ outcome: 'errored', score: null, evidence: { reason } }]);
    }
  });

  it('are not recorded without an error', async () => {
    expect((await read([sample(1, null, { scores: {} })])).skipped).toMatchObject([{ code: 'no_score' }]);
  });

  it('count as errored if the score is NaN and there is an error', async () => {
    const { cases } = await readContentOf(asText(log([sample(1, 'NAN', { error: { message: 'e' } })])));
    expect(cases).toMatchObject([{ outcome: 'errored' }]);
  });

  it('have their score in spite of an error or limit', async () => {
    const { cases } = await read([
      sample(1, 'C', { error: { message: 'e' } }),
      sample(2, 'I', { limit: { type: 'time' } }),
    ]);
    expect(cases).toMatchObject([{ outcome: 'passed' }, { outcome: 'failed' }]);
  });
});

describe('logs', () => {
  it('that were cancelled are not recorded', async () => {
    const { cases, skipped } = await read([sample(1, 'C'), sample(2, 'C')], {}, { status: 'cancelled' });
    expect(cases).toEqual([]);
    expect(skipped.map(({ code }) => code)).toEqual(['log_cancelled', 'log_cancelled']);
  });

  it.each(['started', 'error'])('with the status %s are recorded, with a remark', async (status) => {
    const { cases, remarks } = await read([sample(1, 'C')], {}, { status, error: { message: 'why' } });
    expect(cases).toHaveLength(1);
    expect(remarks).toEqual([expect.stringMatching(/incomplete|error: why/)]);
  });

  it('with invalidated samples', async () => {
    const { cases, skipped } = await read(
      [sample(1, 'C', { invalidation: { reason: 'wrong key' } }), sample(2, 'C', { invalidation: null })],
      {},
      { invalidated: true },
    );
    expect(cases).toHaveLength(1);
    expect(skipped).toMatchObject([{ code: 'invalidated', reason: expect.stringContaining('wrong key') }]);
  });

  it.each([[[]], [undefined]])('without samples have a remark', async (samples) => {
    const { items, remarks } = await readContentOf(log(samples as object[]));
    expect(items).toHaveLength(1);
    expect(remarks).toEqual([expect.stringContaining('no samples')]);
  });

  it('of version 1 have one scorer and one score', async () => {
    const { cases } = await readContentOf({
      version: 1,
      status: 'success',
      eval: { run_id: 'R', task: 't', task_id: 'T', model: 'm', created: '2024-05-05T07:59:35' },
      results: { scorer: { name: 'includes' }, metrics: {} },
      samples: [{ id: 'a', epoch: 2, score: { value: 'C' } }],
    });
    expect(cases).toMatchObject([
      {
        outcome: 'passed',
        model: 'm',
        task: 't',
        duration: null,
        evidence: { run_id: 'R', evaluator: 'includes', attempt: 2 },
      },
    ]);
    expect(cases[0]?.timestamp?.toISOString()).toBe('2024-05-05T07:59:35.000Z');
  });

  it('may have their members in any order', async () => {
    const { samples, ...header } = log([sample(1, 'C')]) as { samples: object[] };
    expect((await readContentOf({ samples, ...header })).cases).toEqual((await read([sample(1, 'C')])).cases);
  });

  it('have one case per epoch', async () => {
    const { cases } = await read([sample(1, 'C', { uuid: 'a' }), sample(1, 'I', { uuid: 'b', epoch: 2 })]);
    expect(cases.map(({ evidence }) => evidence.attempt)).toEqual([1, 2]);
  });

  it('that are cut are refused with the position', async () => {
    const text = JSON.stringify(log([sample(1, 'C')]), null, 2);
    await expect(readContentOf(text.slice(0, 300))).rejects.toMatchObject({
      line: text.slice(0, 300).split('\n').length,
    });
    await expect(readContentOf(text.replace('"epoch": 1', '"epoch": 1;'))).rejects.toMatchObject({
      line: 1 + text.split('\n').findIndex((line) => line.includes('"epoch"')),
    });
  });

  it('describe the case', async () => {
    const { cases } = await read([sample(1, 0.25)]);
    expect(cases[0]).toMatchObject({
      model: 'openai/gpt-4o',
      task: 'suite/task',
      duration: 1.5,
      timestamp: new Date('2025-01-02T00:00:00Z'),
      evidence: {
        source: 'inspect',
        run_id: 'R1',
        case_id: '1',
        reason: 'because',
        details: { value: 0.25, answer: 'x', uuid: 'U1' },
      },
      notes: [],
    });
  });
});

describe('identity', () => {
  const ids = async (samples: object[], options: ReadOptions = {}, more: object = {}): Promise<string[]> =>
    (await read(samples, options, more)).cases.map(({ id }) => id);

  it('does not depend on order, length and layout', async () => {
    const [a, b] = await ids([sample(1, 'C'), sample(2, 'I')]);
    expect(await ids([sample(3, 'C'), sample(2, 'I'), sample(1, 'C')])).toEqual([expect.any(String), b, a]);
    const { cases } = await readContentOf(writeZip(entriesOf([sample(2, 'I'), sample(1, 'C')])));
    expect(cases.map(({ id }) => id)).toEqual([b, a]);
  });

  it('follows from log, sample and scorer', async () => {
    const [id] = await ids([sample(1, 'C')]);
    expect(await ids([sample(1, 'C')], {}, { eval: { ...spec, eval_id: 'E2' } })).not.toEqual([id]);
    expect(await ids([sample(1, 'C', { uuid: 'other' })])).not.toEqual([id]);
    expect(await ids([sample(1, { k: 1 })], { scorer: 'match.k' })).not.toEqual([id]);
  });

  it('is id and epoch without a uuid', async () => {
    const [one, text, second] = await ids([
      sample(1, 'C', { uuid: undefined }),
      sample(2, 'C', { uuid: null }),
      sample(1, 'C', { uuid: undefined, epoch: 2 }),
    ]);
    expect(new Set([one, text, second]).size).toBe(3);
    expect(await ids([sample('1', 'C', { uuid: undefined })])).toEqual([one]);
  });

  it('is recorded once', async () => {
    const { cases, skipped } = await read([sample(1, 'C'), sample(1, 'C')]);
    expect(cases).toHaveLength(1);
    expect(skipped).toMatchObject([{ code: 'duplicate' }]);
  });
});
