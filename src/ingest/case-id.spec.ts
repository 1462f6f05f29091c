import { describe, expect, it } from '@jest/globals';
import { caseId, IdentityCounter } from './case-id.js';

describe('IdentityCounter', () => {
  it('counts each identity', () => {
    const counter = new IdentityCounter();
    for (let round = 0; round < 3; round++) {
      for (let number = 0; number < 5000; number++) expect(counter.add(['x', number])).toBe(round);
    }
    expect(counter.add(['x', '1'])).toBe(0);
  });
});

describe('caseId', () => {
  it('is short and printable', () => {
    expect(caseId('lm-eval', ['é'.repeat(1000), null, ['a', 1]])).toMatch(/^lm-eval:[\w-]{43}$/);
    expect(caseId('x', ['a', 'b'])).not.toBe(caseId('x', ['a,b']));
  });
});
