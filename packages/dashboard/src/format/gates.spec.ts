import { describe, expect, it } from '@jest/globals';
import type { Requirement } from '../api/types.js';
import { firstReason, formatMissing, formatRequired, formatValue } from './gates.js';

const requirement = (part: Partial<Requirement>): Requirement => ({
  code: 'custody_xp',
  name: 'custody XP',
  comparison: 'at_least',
  required: 100,
  actual: 75,
  unit: 'XP',
  met: false,
  until: null,
  ...part,
});

describe('a requirement in words', () => {
  it.each<[Partial<Requirement>, string, string]>([
    [{}, 'at least 100 XP', '25 more custody XP'],
    [
      { code: 'tests_passed', name: 'tests passed', required: 3, actual: 2, unit: 'tests' },
      'at least 3 tests',
      '1 more test passed',
    ],
    [
      { code: 'recent_pass_rate', name: 'pass rate', required: 0.8, actual: 0.4, unit: 'ratio' },
      'at least 80%',
      'pass rate: 40%, needs 80%',
    ],
    [
      { code: 'recent_pass', name: 'time', comparison: 'at_most', required: 86_400, actual: 100_000, unit: 'seconds' },
      'at most 1 d',
      'last pass 1 d 3 h ago, limit 1 d',
    ],
    [
      {
        code: 'failure_streak',
        name: 'tests failed in a row',
        comparison: 'at_most',
        required: 1,
        actual: 3,
        unit: 'tests',
      },
      'at most 1 test',
      '3 tests failed in a row, limit 1',
    ],
  ])('%j', (part, required, missing) => {
    expect(formatRequired(requirement(part))).toBe(required);
    expect(formatMissing(requirement(part))).toBe(missing);
  });

  it('has a value only after a test', () => {
    expect([formatValue(null, 'seconds'), formatValue(null, 'ratio')]).toEqual(['never', 'none yet']);
  });

  it('is the first of a closed gate, with the number of others', () => {
    expect(firstReason({ eligible: false, requirements: [requirement({}), requirement({})] })).toBe(
      '25 more custody XP (and 1 more)',
    );
    expect(firstReason({ eligible: true, requirements: [requirement({ met: true })] })).toBeNull();
  });
});
