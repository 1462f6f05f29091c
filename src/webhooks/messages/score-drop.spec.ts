import { describe, expect, it } from '@jest/globals';
import { createHistory } from '../../../test/factories/agent-state.factory.js';
import { findScoreDrop } from './score-drop.js';

const find = (outcomes: string, tests: number, drop: number) =>
  findScoreDrop({ test_history: createHistory(outcomes) }, { tests, drop });

describe('findScoreDrop', () => {
  it.each([
    ['++--', 2, 1, { pass_rate: 0, previous_pass_rate: 1 }],
    ['++-+', 2, 0.5, { pass_rate: 0.5, previous_pass_rate: 1 }],
    ['++-+', 2, 0.51, null],
    ['----++--', 2, 1, { pass_rate: 0, previous_pass_rate: 1 }],
    ['--++', 2, 0.01, null],
    ['++', 2, 0.01, null],
    ['+++', 2, 0.01, null],
    // 0.9 - 0.6 is less than 0.3 in binary.
    ['+++++++++-++++++----', 10, 0.3, { pass_rate: 0.6, previous_pass_rate: 0.9 }],
  ])('of %s, in groups of %i with a drop of %d', (outcomes, tests, drop, expected) => {
    expect(find(outcomes, tests, drop)).toEqual(expected);
  });
});
