import { describe, expect, it } from '@jest/globals';
import { IsBoolean, IsNumber, Max } from 'class-validator';
import { type ArgumentParser, markParsed, parseArgument } from './argument.js';
import { parseRequest } from './request-body.js';
import { Omittable } from './validators.js';

class SampleDto {
  @IsBoolean()
  flag!: boolean;

  @Omittable()
  @IsNumber()
  @Max(100)
  score?: number;
}

const SampleArgument: ArgumentParser<SampleDto, SampleDto> = {
  Dto: SampleDto,
  name: 'sample',
  convert: (dto) => markParsed(Object.assign({}, dto)),
};

class Sample {
  flag = true;

  get score(): number {
    return this.flag ? 70 : 0;
  }
}

const findErrors = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (error) {
    return (error as { options: { errors: unknown } }).options.errors;
  }
};

describe('parseArgument', () => {
  it.each([{}, { flag: 'yes' }, { flag: true, score: 101 }, { flag: true, other: 1 }, { flag: true, score: NaN }])(
    'finds the errors that the request has: %p',
    (value) => {
      const errors = findErrors(() => parseArgument(value, SampleArgument));
      expect(errors).toHaveLength(1);
      expect(errors).toEqual(findErrors(() => parseRequest(SampleDto, value, 'body')));
    },
  );

  it.each([undefined, null, [], 'x', () => 1, new Map([['flag', true]]), Promise.resolve({ flag: true })])(
    'refuses %p under the name of the argument',
    (value) => {
      const errors = findErrors(() => parseArgument(value, SampleArgument));
      expect(errors).toEqual([{ field: 'sample', detail: 'must be a JSON object' }]);
    },
  );

  it('reads the fields of an instance, including getters of its class', () => {
    expect(parseArgument(new Sample(), SampleArgument)).toEqual({ flag: true, score: 70 });
  });

  it('returns a copy, unless the argument is the result of a conversion', () => {
    const argument = { flag: true };
    const parsed = parseArgument(argument, SampleArgument);
    expect(parsed).not.toBe(argument);
    expect(parseArgument(parsed, SampleArgument)).toBe(parsed);
  });

  it.each<[string, (parsed: SampleDto) => object]>([
    ['a copy', (parsed) => Object.assign({}, parsed, { score: 101 })],
    ['an object that inherits from it', (parsed) => Object.assign(Object.create(parsed) as object, { score: 101 })],
    ['a Proxy', (parsed) => new Proxy(Object.assign(parsed, { score: 101 }), {})],
  ])('parses %s of the result of a conversion again', (_, derive) => {
    const derived = derive(parseArgument({ flag: true }, SampleArgument));
    expect(findErrors(() => parseArgument(derived, SampleArgument))).toMatchObject([{ field: 'score' }]);
  });
});
