import { describe, expect, it } from '@jest/globals';
import { CATEGORIES } from '../../progression/commands.js';
import { getFocus, listTestCategories, TIME_LIMITS } from './test-categories.js';

describe('the test categories', () => {
  it.each([
    ['knowledge_verification', ['basic', 'intermediate'], ['imperium'], true],
    ['code_quality', ['intermediate', 'advanced'], ['guardian', 'sandbox', 'conquest'], false],
    ['security_awareness', ['intermediate', 'advanced', 'expert'], ['guardian'], false],
    ['performance_optimization', ['advanced', 'expert'], ['guardian', 'conquest'], false],
    ['innovation_capability', ['advanced', 'expert', 'master'], ['sandbox', 'conquest'], false],
    ['self_improvement', ['expert', 'master', 'legendary'], ['imperium'], false],
    ['cross_ai_collaboration', ['expert', 'master', 'legendary'], ['imperium'], false],
    ['experimental_validation', ['advanced', 'expert', 'master'], ['sandbox'], false],
  ])('%s is intended for %j, and is the focus of %j', (category, difficulty_focus, focus_of, focus_of_others) => {
    expect(listTestCategories().find((each) => each.category === category)).toEqual({
      category,
      description: expect.stringMatching(/^[A-Z].+\.$/),
      difficulty_focus,
      focus_of,
      focus_of_others,
    });
  });

  it('are complete', () => {
    expect(listTestCategories().map(({ category }) => category)).toEqual(CATEGORIES);
  });

  it.each([
    ['imperium', ['knowledge_verification', 'cross_ai_collaboration', 'self_improvement']],
    ['guardian', ['security_awareness', 'code_quality', 'performance_optimization']],
    ['sandbox', ['innovation_capability', 'experimental_validation', 'code_quality']],
    ['conquest', ['performance_optimization', 'code_quality', 'innovation_capability']],
    ['scout', ['knowledge_verification']],
    ['Guardian', ['knowledge_verification']],
    ['constructor', ['knowledge_verification']],
  ])('in the focus of %s are %j', (agentType, focus) => {
    expect(getFocus(agentType)).toEqual(focus);
  });

  it('have time limits in seconds that increase with the difficulty', () => {
    expect(TIME_LIMITS).toEqual({
      basic: 300,
      intermediate: 600,
      advanced: 900,
      expert: 1_200,
      master: 1_800,
      legendary: 3_600,
    });
  });
});
