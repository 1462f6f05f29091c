import { describe, expect, it } from '@jest/globals';
import { defaultState, type EventResult, snapshot } from '../progression/index.js';
import { toStoredColumns } from './stored-result.js';

const TIME = new Date('2027-01-01T00:00:00Z');
const METRICS = snapshot(defaultState({ id: 'i', agent_id: 'a', agent_type: 'a', created_at: TIME }, 1, TIME));
const withMetrics = (changes: object): EventResult => ({ created: true, metrics: { ...METRICS, ...changes } });

describe('toStoredColumns', () => {
  it('stores the snapshot in columns, and the rest in result', () => {
    expect(toStoredColumns({ ...withMetrics({ xp: 7, pass_rate: 0.1 }), checkpoint: { id: 'i' } as never })).toEqual({
      ...METRICS,
      xp: 7,
      pass_rate: 0.1,
      result: { created: true, checkpoint: { id: 'i' } },
    });
  });

  it.each<[string, object]>([
    ['no integer', { xp: 1.5 }],
    ['an integer out of range', { xp: 2_147_483_648 }],
    ['a number as text', { level: '1' }],
    ['null', { status: null }],
    ['a text that is too long', { priority: '🤖'.repeat(21) }],
    ['a number for a boolean', { is_active: 1 }],
    ['another key', { more: 1 }],
    ['a value of another column', { learning_score: [1] }],
  ])('leaves a snapshot in result that has %s', (_, changes) => {
    const result = withMetrics(changes);
    expect(toStoredColumns(result)).toEqual({ result });
  });

  it('leaves a snapshot in result that lacks a key', () => {
    const { xp, ...rest } = METRICS;
    const result = { created: false, metrics: rest } as EventResult;
    expect([xp, toStoredColumns(result)]).toEqual([0, { result }]);
  });

  it('stores the longest text in its column', () => {
    expect(toStoredColumns(withMetrics({ priority: '🤖'.repeat(20) }))).toMatchObject({ result: { created: true } });
  });
});
