import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ERROR_STATUS } from '../../src/http/problems/error-status.js';

describe('docs/errors.md', () => {
  it('lists every error code with its status', () => {
    const listed = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gm)];
    expect(Object.fromEntries(listed.map(([, code = '', status]) => [code, Number(status)]))).toEqual(
      Object.fromEntries(Object.entries(ERROR_STATUS).map(([code, { status }]) => [code, status])),
    );
  });
});
