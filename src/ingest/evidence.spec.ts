import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findUnstorable } from '../common/index.js';
import { cutText, EVIDENCE_LIMITS, toEvidence } from './evidence.js';

describe('toEvidence', () => {
  it('can be stored, within its limits, whatever the file contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.jsonValue({ maxDepth: 8 }), (text, value) => {
        const { evidence } = toEvidence({
          source: text,
          reason: text,
          url: text,
          case_id: text,
          details: { [text]: value, text },
        });
        expect(findUnstorable(evidence, 'evidence')).toBeNull();
        expect(evidence.reason?.length ?? 0).toBeLessThanOrEqual(EVIDENCE_LIMITS.reason);
        expect(evidence.case_id?.length ?? 0).toBeLessThanOrEqual(EVIDENCE_LIMITS.text);
      }),
    );
  });

  it('limits the details to 16 kB', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, '€'.repeat(1000)]));
    const { evidence, cut } = toEvidence({ source: 's', details: { ...many, small: 1 } });
    expect(Buffer.byteLength(JSON.stringify(evidence.details))).toBeLessThanOrEqual(EVIDENCE_LIMITS.details);
    expect(evidence.details).toMatchObject({ small: 1, omitted_members: 35 });
    expect(cut).toEqual(['details']);
  });

  it('names what was cut', () => {
    const { evidence, cut } = toEvidence({
      source: 's',
      run_id: 'r'.repeat(300),
      reason: 'x'.repeat(3000),
      details: null,
    });
    expect(cut).toEqual(['run_id', 'reason']);
    expect(evidence.run_id).toBe(`${'r'.repeat(199)}…`);
    expect(evidence.details).toBeNull();
  });

  it.each([0, -1, 1.5, NaN, null])('has no attempt %s', (attempt) => {
    expect(toEvidence({ source: 's', attempt }).evidence.attempt).toBeNull();
  });

  it('replaces what cannot be stored', () => {
    const details = { 'a\u0000': 'b\ud800', n: NaN, ['__proto__']: 1 };
    expect(toEvidence({ source: 's', reason: 'x\u0000y', details }).evidence).toMatchObject({
      reason: 'x\uFFFDy',
      details: { 'a\uFFFD': 'b\uFFFD', n: null, _proto_: 1 },
    });
  });
});

describe('cutText', () => {
  it('does not split a character', () => {
    expect(cutText('ab😀cd', 4)).toBe('ab…');
    expect(cutText('abcd', 4)).toBe('abcd');
  });
});
