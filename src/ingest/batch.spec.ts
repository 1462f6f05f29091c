import { describe, expect, it } from '@jest/globals';
import { Batch } from './batch.js';
import type { EvaluationCase } from './evaluation-case.js';
import { BATCH_MAX, BATCH_MAX_BYTES, type BatchItem } from './result-recorder.js';

const item = (reason = ''): BatchItem => ({
  id: 'junit:1',
  agent_type: 'guardian',
  type: 'custody_test',
  outcome: 'passed',
  score: 100,
  duration: null,
  category: 'evaluation',
  evidence: { source: 'junit', reason },
});
const source = {} as EvaluationCase;

describe('Batch', () => {
  it('has room for BATCH_MAX items', () => {
    const batch = new Batch();
    while (batch.hasRoomFor(item())) batch.add(item(), source);
    expect(batch.items).toHaveLength(BATCH_MAX);
    expect(batch.sources).toHaveLength(BATCH_MAX);
  });

  it.each(['x', 'é', '\u{1F600}', '"'])('has at most BATCH_MAX_BYTES of JSON with %s', (character) => {
    const batch = new Batch();
    const long = item(character.repeat(2_000));
    while (batch.hasRoomFor(long)) batch.add(long, source);
    const bytes = Buffer.byteLength(JSON.stringify(batch.items));
    expect(bytes).toBeLessThanOrEqual(BATCH_MAX_BYTES);
    expect(bytes).toBeGreaterThan(BATCH_MAX_BYTES - Buffer.byteLength(JSON.stringify(long)) - 2);
  });

  it('has room for any first item', () => {
    expect(new Batch().hasRoomFor(item('x'.repeat(BATCH_MAX_BYTES)))).toBe(true);
  });
});
