import { describe, expect, it } from '@jest/globals';
import { createAgentState } from '../../test/factories/agent-state.factory.js';
import type { Command } from './commands.js';
import { tooLong } from './sizes.js';

const LIMITS = { document: 20, listItem: 10 };
/** JSON text of a given number of bytes. */
const text = (bytes: number) => 'x'.repeat(bytes - 2);
const update = (data: object): Command => ({ type: 'update', data });
const fieldsOf = (command: Command, state: Parameters<typeof tooLong>[1] = null) =>
  tooLong(command, state, LIMITS).map(({ field }) => field);

describe('tooLong', () => {
  it.each<[string, Command, string[]]>([
    ['documents of just the limit', update({ config: [text(18)], capabilities: null }), []],
    ['a longer document', update({ config: [text(19)] }), ['config']],
    ['a document that is longer in UTF-8', update({ capabilities: ['ü'.repeat(9)] }), ['capabilities']],
    ['items of just the limit', update({ learning_patterns: [text(10), text(10)] }), []],
    ['a longer item', update({ learning_patterns: [1, text(11)] }), ['learning_patterns']],
    [
      'long tests',
      update({ test_history: [{ a: text(11) }], improvement_suggestions: [text(11)] }),
      ['test_history', 'improvement_suggestions'],
    ],
    [
      'what was learned',
      { type: 'learning', data: { improvement_suggestions: [text(11)] } },
      ['improvement_suggestions'],
    ],
    ['a test', { type: 'custody_test', data: { passed: true, score: 1, duration: 1, details: { a: text(50) } } }, []],
    ['an import', { type: 'import', data: { agent: createAgentState({ config: [text(50)] }), original: [] } }, []],
  ])('of %s', (_case, command, fields) => {
    expect(fieldsOf(command)).toEqual(fields);
  });

  it('accepts values that the agent has, in any key order', () => {
    const state = createAgentState({ config: { a: text(50), b: { c: 1, d: 2 } }, learning_patterns: [text(30), 1] });
    expect(
      fieldsOf(update({ config: { b: { d: 2, c: 1 }, a: text(50) }, learning_patterns: [2, text(30)] }), state),
    ).toEqual([]);
    expect(fieldsOf(update({ config: { a: text(51), b: {} }, learning_patterns: [text(31)] }), state)).toEqual([
      'config',
      'learning_patterns',
    ]);
  });

  it('reports the limit and the size, but not the value', () => {
    expect(tooLong(update({ config: [text(19)] }), null, LIMITS)).toEqual([
      { field: 'config', detail: 'must be at most 20 bytes as JSON, but 21 were sent' },
    ]);
  });
});
