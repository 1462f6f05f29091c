import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromModel, parseAgentMap, toAgentType } from './agent-names.js';
import { isWellFormedAgentType } from '../progression/index.js';
import { isCategory, toCategory } from './category-names.js';

describe('agent types', () => {
  it.each([
    ['openai/gpt-4o', 'openai/gpt-4o'],
    ['openai:gpt-5', 'openai:gpt-5'],
    ['Claude 3.5 Sonnet (new)', 'Claude-3.5-Sonnet-new'],
    ['./models/llama', 'models/llama'],
    ['Modèle', 'Modele'],
    ['a'.repeat(50), 'a'.repeat(50)],
    ['模型', null],
    ['', null],
  ])('of the model %j: %j', (model, agentType) => {
    expect(fromModel(model)).toBe(agentType);
  });

  it('are valid, and distinguish long names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (model) => {
        const agentType = fromModel(model);
        expect(agentType === null || isWellFormedAgentType(agentType)).toBe(true);
      }),
    );
    const long = 'x'.repeat(60);
    expect(fromModel(`${long}a`)).not.toBe(fromModel(`${long}b`));
    expect(fromModel(`${long}a`)).toHaveLength(50);
  });

  it('follow from the options first', () => {
    const map = parseAgentMap('{"m": "guardian", "*": "sandbox"}', 'map.json');
    expect(toAgentType('m', { map })).toBe('guardian');
    expect(toAgentType('other', { map })).toBe('sandbox');
    expect(toAgentType(null, { map })).toBe('sandbox');
    expect(toAgentType('m', { agent: 'imperium' })).toBe('imperium');
    expect(toAgentType(null)).toBeNull();
    expect(toAgentType('toString', { map: parseAgentMap('{}', 'map.json') })).toBe('toString');
  });

  it.each(['[]', '{', '{"m": 1}', '{"m": ""}', '{"m": "a b"}', '{"m": "/a"}'])('refuses the map %s', (text) => {
    expect(() => parseAgentMap(text, 'map.json')).toThrow(/^map.json: /);
  });
});

describe('categories', () => {
  it.each([
    ['gsm8k', 'gsm8k'],
    ['inspect_evals/arc_easy', 'inspect_evals_arc_easy'],
    ['Sécurité & Co.', 'securite_co'],
    ['3d', 'task_3d'],
    ['__x__', 'x'],
    ['測試', 'evaluation'],
    [null, 'evaluation'],
  ])('of the task %j: %s', (task, category) => {
    expect(toCategory(task)).toBe(category);
  });

  it('are valid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (task) => {
        expect(isCategory(toCategory(task))).toBe(true);
      }),
    );
    expect(toCategory('x', 'mine')).toBe('mine');
  });
});
