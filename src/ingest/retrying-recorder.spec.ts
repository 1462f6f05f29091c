import { describe, expect, it } from '@jest/globals';
import { type BatchItem, type BatchOutcome, type ResultRecorder, TemporaryFailure } from './result-recorder.js';
import { withRetries } from './retrying-recorder.js';

const items = ['a', 'b', 'c'].map((id) => ({ id, agent_type: 'guardian' }) as BatchItem);
const LIMITS = { attempts: 3, maxDelayMs: 1 };

/** Records items; those with these ids are refused with the status, or the whole batch fails, in the first attempts. */
function createRecorder(fail: (id: string, attempt: number) => number | null): ResultRecorder & { sent: string[][] } {
  const sent: string[][] = [];
  return {
    sent,
    record: (batch) => {
      sent.push(batch.map(({ id }) => id));
      const outcomes = batch.map(({ id, agent_type }, index): BatchOutcome => {
        const status = fail(id, sent.length);
        if (status === null) return { index, id, agent_type, status: 'recorded' };
        return { index, id, agent_type, status: 'refused', problem: { status, detail: `status ${status}` } };
      });
      return Promise.resolve(outcomes);
    },
  };
}
const byIndex = (outcomes: readonly BatchOutcome[]) =>
  [...outcomes].sort((left, right) => left.index - right.index).map(({ id, status }) => `${id} ${status}`);

describe('withRetries', () => {
  it('repeats only items that were refused for a temporary reason', async () => {
    const recorder = createRecorder((id, attempt) => (id === 'b' ? 400 : id === 'c' && attempt < 3 ? 503 : null));
    const outcomes = await withRetries(recorder, LIMITS).record(items);
    expect(byIndex(outcomes)).toEqual(['a recorded', 'b refused', 'c recorded']);
    expect(recorder.sent).toEqual([['a', 'b', 'c'], ['c'], ['c']]);
  });

  it('throws the last failure after the maximum of attempts', async () => {
    const recorder = createRecorder(() => 429);
    await expect(withRetries(recorder, LIMITS).record(items)).rejects.toThrow('status 429');
    expect(recorder.sent).toHaveLength(3);
  });

  it('repeats a batch that failed as a whole, and waits as long as it is asked to, within the limit', async () => {
    const delays: number[] = [];
    let attempts = 0;
    const recorder: ResultRecorder = {
      record: () => {
        attempts += 1;
        return Promise.reject(new TemporaryFailure(new Error('overloaded'), 60_000));
      },
    };
    const limits = { attempts: 3, maxDelayMs: 5, onRetry: (_: string, delay: number) => void delays.push(delay) };
    await expect(withRetries(recorder, limits).record(items)).rejects.toThrow('overloaded');
    expect([attempts, delays]).toEqual([3, [5, 5]]);
  });

  it('does not repeat other errors', async () => {
    let attempts = 0;
    const recorder: ResultRecorder = {
      record: () => {
        attempts += 1;
        return Promise.reject(new Error('wrong key'));
      },
    };
    await expect(withRetries(recorder, LIMITS).record(items)).rejects.toThrow('wrong key');
    expect(attempts).toBe(1);
  });
});
