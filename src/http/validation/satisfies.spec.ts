import { describe, expect, it } from '@jest/globals';
import {
  IsBoolean,
  IsDefined,
  IsIn,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { satisfies } from './satisfies.js';
import { IsTimestamp, IsWholeNumber, Omittable, OmittableOrNull } from './validators.js';

class BaseDto {
  @IsString()
  name: unknown;

  @OmittableOrNull()
  @IsTimestamp()
  time: unknown;
}

class SampleDto extends BaseDto {
  @IsNumber()
  @Min(0)
  @Max(100)
  score: unknown;

  @ValidateIf(({ score }: SampleDto, value) => score === 1 || value !== null)
  @IsBoolean()
  flag: unknown;

  @Omittable()
  @IsObject()
  config: unknown;

  @IsOptional()
  @IsIn(['a', 'b'])
  choice: unknown;

  @OmittableOrNull()
  @Matches(/^[a-z]+$/)
  word: unknown;

  @IsWholeNumber(-1, 1)
  whole: unknown;

  @IsDefined()
  defined: unknown;
}

class ListDto {
  @IsIn(['a'], { each: true })
  list: unknown;
}

const value = fc.constantFrom(
  ...[undefined, null, true, false, 0, -0, 1, 1.5, 100, 101, NaN, Infinity, '', 'a', 'c', 'A', '2025-01-25', {}, []],
);
const fields = fc.record(
  Object.fromEntries(
    ['name', 'time', 'score', 'flag', 'config', 'choice', 'word', 'whole', 'defined'].map((name) => [name, value]),
  ),
  { requiredKeys: [] },
);
const valid = { name: '', score: 5, flag: true, whole: 0, defined: 0 };

describe('satisfies', () => {
  it('agrees with validateSync', () => {
    const agrees = (given: object) => {
      const instance = Object.assign(new SampleDto(), valid, given);
      expect(satisfies(instance)).toBe(validateSync(instance).length === 0);
    };
    agrees({});
    fc.assert(fc.property(fields, agrees), { numRuns: 2_000 });
  });

  it('accepts a valid instance', () => {
    expect(satisfies(Object.assign(new SampleDto(), valid))).toBe(true);
  });

  it('leaves decorators that it does not support, and classes without any, to validateSync', () => {
    expect(satisfies(Object.assign(new ListDto(), { list: ['a'] }))).toBe(false);
    expect(satisfies({})).toBe(false);
  });
});
