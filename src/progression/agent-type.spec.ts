import { describe, expect, it } from '@jest/globals';
import { isAgentTypeForNew } from './agent-type.js';

describe('isAgentTypeForNew', () => {
  it.each([
    'guardian',
    'gpt-4.1',
    'Command-R+-08-24',
    'a',
    '0',
    'a:b@c_d',
    'openai/gpt-4o',
    'constructor',
    'x'.repeat(50),
  ])('takes %s', (name) => {
    expect(isAgentTypeForNew(name)).toBe(true);
  });

  it.each(['', '-a', '.a', '_a', 'a b', '/a', 'ä', 'a\n', 'x'.repeat(51), 'leaderboard', 'analytics', 'bulk-update'])(
    'refuses %j',
    (name) => {
      expect(isAgentTypeForNew(name)).toBe(false);
    },
  );
});
