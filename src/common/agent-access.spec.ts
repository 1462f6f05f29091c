import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentAccess, findPatternFaults } from './agent-access.js';
import { DomainError } from './domain-error.js';

describe('AgentAccess', () => {
  it.each<[pattern: string, matching: string[], others: string[]]>([
    ['guardian', ['guardian'], ['Guardian', 'guardian2', 'guardia', 'guardian/x', '', '*']],
    ['team-a/*', ['team-a/x', 'team-a/x/y', 'team-a/*'], ['team-a', 'team-ab/x', 'team-b/x', 'x/team-a/x', 'TEAM-A/x']],
    ['team-a*', ['team-a', 'team-a/x', 'team-ab'], ['team-', 'team-b']],
    ['a.b', ['a.b'], ['axb']],
    ['a%*', ['a%x'], ['abx']],
    ['a_*', ['a_x'], ['abx']],
  ])('%s matches %j, and not %j', (pattern, matching, others) => {
    const access = AgentAccess.of([pattern]);
    expect(matching.filter((agentType) => !access.mayAccess(agentType))).toEqual([]);
    expect(others.filter((agentType) => access.mayAccess(agentType))).toEqual([]);
  });

  it('allows everything without a limit', () => {
    expect(AgentAccess.of(null)).toBe(AgentAccess.ALL);
    expect([AgentAccess.ALL.mayAccess('anything'), AgentAccess.ALL.isLimited]).toEqual([true, false]);
  });

  it('matches an agent if one of the patterns does', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1 }), fc.string(), (names, name) => {
        const patterns = names.map((text) => text.replaceAll('*', '-').replaceAll(/[^ -~]/g, 'x'));
        const access = AgentAccess.of(patterns.map((text, index) => (index % 2 === 0 ? text : `${text}*`)));
        const matches = patterns.some((text, index) => (index % 2 === 0 ? text === name : name.startsWith(text)));
        expect(access.mayAccess(name)).toBe(matches);
      }),
    );
  });

  it('refuses other agents without naming them', () => {
    const access = AgentAccess.of(['team-a/*']);
    expect(() => {
      access.assertMayAccess('team-a/x');
    }).not.toThrow();
    expect(() => {
      access.assertMayAccess('secret');
    }).toThrow(expect.objectContaining({ code: 'agent_forbidden', message: expect.not.stringContaining('secret') }));
  });

  it.each([undefined, null, 7, {}, ['team-a/x']])('does not match %j', (value) => {
    expect(AgentAccess.of(['team-a/x']).mayAccess(value as string)).toBe(false);
  });

  it('ignores stored patterns that are invalid', () => {
    for (const patterns of [[], ['*'], [''], ['a*b', '**']]) {
      const access = AgentAccess.ofStored(patterns);
      expect(['a', '*', '', 'a*b', 'aab'].filter((agentType) => access.mayAccess(agentType))).toEqual([]);
      expect(access.isLimited).toBe(true);
    }
    expect(AgentAccess.ofStored(null)).toBe(AgentAccess.ALL);
  });

  it('is not accepted in another form', () => {
    const proxy = new Proxy(AgentAccess.ALL, {});
    for (const value of [null, undefined, {}, ['a'], 'a', proxy, Object.create(AgentAccess.prototype)]) {
      expect(() => {
        AgentAccess.assert(value);
      }).toThrow(DomainError);
    }
  });
});

describe('the patterns of a limit', () => {
  it.each([
    [['a'], []],
    [['a*', 'b/*', 'ä'], []],
    [[`${'x'.repeat(50)}*`, 'x'.repeat(50), '😀'.repeat(50)], []],
    [Array(100).fill('a'), []],
    [['x'.repeat(51)], ['must be at most 50 characters without *']],
    [[`${'x'.repeat(51)}*`], ['must be 1 to 51 characters']],
    [['a', ''], ['must be 1 to 51 characters']],
    [['*'], ['must contain * only as its last character, after a prefix']],
    [['a*b'], ['must contain * only as its last character, after a prefix']],
    [['a**'], ['must contain * only as its last character, after a prefix']],
    [[7], ['must be a string']],
    [['a\u0000'], [expect.any(String)]],
    [[], ['must be a list of 1 to 100 agent types and prefixes']],
    [Array(101).fill('a'), ['must be a list of 1 to 100 agent types and prefixes']],
    ['a', ['must be a list of 1 to 100 agent types and prefixes']],
    [[, 'a'], ['must be a string']], // eslint-disable-line no-sparse-arrays
  ])('%j: %j', (patterns, details) => {
    expect(findPatternFaults(patterns).map(({ detail }) => detail)).toEqual(details);
  });

  it('are named in errors', () => {
    expect(findPatternFaults(['a', '*', 'b', ''], 'claim').map(({ field }) => field)).toEqual(['claim.1', 'claim.3']);
  });
});
