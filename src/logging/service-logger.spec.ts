import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ServiceLogger } from './service-logger.js';

/** Line end, cursor up, clear screen (in C0 and in C1, which JSON does not escape), text direction. */
const HOSTILE = 'guard\r\n\u001b[1A\u001b[2J\u009b2J\u2028\u202e "ian" level=9';
const OBEYED = /[\p{Cc}\u2028\u202e]/u;
const COLOUR = new RegExp(`${String.fromCharCode(0x1b)}\\[[\\d;]*m`, 'g');
/** The logger's own color codes are allowed. */
const withoutColours = (text: string) => text.replace(COLOUR, '');

let printed = '';
beforeEach(() => {
  printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('the JSON log', () => {
  const own = { level: 'log', pid: process.pid, timestamp: expect.any(Number), context: 'Http' };

  it('has the facts of a message as members of the line', () => {
    new ServiceLogger('info', false).log({ message: 'request', status: 200, none: undefined }, 'Http');
    expect(JSON.parse(printed)).toEqual({ ...own, message: 'request', status: 200 });
  });

  it.each([{ message: 'request', status: 200 }, 'a text', { list: [1] }])('names the worker of %j', (message) => {
    new ServiceLogger('info', false, 2).log(message, 'Http');
    expect(JSON.parse(printed)).toMatchObject({ ...own, worker: 2 });
  });

  it.each([{ level: 9 }, { worker: 9 }, { list: [1] }, { object: { level: 'fatal' } }])(
    'has them apart when they are %j',
    (facts) => {
      new ServiceLogger('info', false).log(facts, 'Http');
      expect(JSON.parse(printed)).toEqual({ ...own, message: facts });
    },
  );

  it.each([
    ['a text', HOSTILE, (line: { message: string }) => line.message],
    ['a fact', { message: 'request', agent_type: HOSTILE }, (line: { agent_type: string }) => line.agent_type],
  ])('keeps %s on one line, as it was', (_, message, textOf) => {
    new ServiceLogger('info', false).log(message);
    expect(printed.slice(0, -1)).not.toMatch(OBEYED);
    expect(textOf(JSON.parse(printed) as never)).toBe(HOSTILE);
  });
});

describe('the log on a terminal', () => {
  it('has facts as name=value', () => {
    new ServiceLogger('info', true).log({ message: 'request', route: '/a/:b', status: 200, none: undefined }, 'Http');
    expect(printed).toContain('request route=/a/:b status=200');
    expect(printed).not.toContain('none');
  });

  it.each([
    ['a text', HOSTILE],
    ['a fact', { message: 'request', agent_type: HOSTILE }],
  ])('keeps %s on one line, and nothing of it moves the cursor', (_, message) => {
    new ServiceLogger('info', true).log(message);
    expect(withoutColours(printed.slice(0, -1))).not.toMatch(OBEYED);
    expect(printed).toMatch(/guard(\\u000d\\u000a|\\r\\n)/);
  });

  it('names the worker', () => {
    new ServiceLogger('info', true, 2).log('a text');
    expect(withoutColours(printed)).toContain('[LVL_UP 2]');
  });

  it('escapes control characters in the message of an error', () => {
    new ServiceLogger('info', true).error('failed', `Error: ${HOSTILE}\n    at somewhere (file.ts:1:1)`);
    expect(withoutColours(printed).replaceAll('\n', '')).not.toMatch(OBEYED);
    expect(printed).toContain('\n    at somewhere (file.ts:1:1)\n');
  });
});
