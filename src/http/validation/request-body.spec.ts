import { describe, expect, it } from '@jest/globals';
import { IsBoolean, IsNumber, IsObject, Max, Min } from 'class-validator';
import { tryParse } from './request-body.js';
import { Omittable } from './validators.js';

class SampleDto {
  @IsBoolean()
  flag!: boolean;

  @IsNumber()
  @Min(0)
  @Max(100)
  score!: number;

  @Omittable()
  @IsObject()
  config?: object;
}

const listErrors = (value: unknown) => {
  const result = tryParse(SampleDto, value, 'body', 'in.');
  return 'errors' in result ? result.errors.map(({ field, detail }) => `${field}: ${detail}`) : [];
};

describe('tryParse', () => {
  it('returns an instance for a valid value', () => {
    const value = { flag: true, score: 1, config: { constructor: { toString: 1 } } };
    expect(tryParse(SampleDto, value, 'body', '')).toEqual({ instance: Object.assign(new SampleDto(), value) });
  });

  it('names each field that is missing, unknown or of the wrong type once, and all of them together', () => {
    expect(listErrors({ score: '95', other: 1 })).toEqual([
      expect.stringMatching(/^in\.other: is not a field/),
      'in.flag: is missing',
      expect.stringMatching(/^in\.score: must be a number/),
    ]);
    expect(listErrors({ flag: true, score: 101 })).toEqual(['in.score: must not be greater than 100']);
  });

  it('does not report a refused field as missing', () => {
    expect(listErrors({ flag: { a: '\u0000' }, score: 1 })).toEqual([
      'in.flag.a: must not contain the character U+0000',
    ]);
  });

  it.each([null, [], 'x', 1, undefined])('refuses %j', (value) => {
    expect(listErrors(value)).toEqual(['body: must be a JSON object']);
  });

  it('ignores own properties that shadow members of the class', () => {
    expect(listErrors({ flag: true, score: 1, constructor: {}, toString: 1 })).toEqual([
      expect.stringMatching(/^in\.constructor: is not a field/),
      expect.stringMatching(/^in\.toString: is not a field/),
    ]);
  });
});
