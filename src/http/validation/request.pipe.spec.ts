import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { JSON_BODY } from './json-body.decorator.js';
import { RequestPipe } from './request.pipe.js';

class NamedDto {
  @IsString()
  name!: string;
}
const pipe = new RequestPipe();
const BODY = { type: 'custom', metatype: NamedDto, data: JSON_BODY as unknown as string } as const;

describe('RequestPipe', () => {
  it.each([BODY, { type: 'body', metatype: NamedDto }, { type: 'query', metatype: NamedDto }] as const)(
    'parses a value once, if it is a pipe of the application and of the controller: %o',
    (metadata) => {
      const parsed = pipe.transform({ name: 'a' }, metadata);
      expect(parsed).toBeInstanceOf(NamedDto);
      expect(new RequestPipe().transform(parsed, metadata)).toBe(parsed);
      expect(() => pipe.transform({ name: 'a', extra: 1 }, metadata)).toThrow('1 invalid field');
    },
  );

  it('parses instances that another pipe has made', () => {
    const instance = Object.assign(new NamedDto(), { name: 'a', extra: 1 });
    expect(() => pipe.transform(instance, BODY)).toThrow('1 invalid field');
  });

  it.each([
    { type: 'param', metatype: NamedDto },
    { type: 'custom', metatype: NamedDto },
    { type: 'body', metatype: Object },
    { type: 'body' },
  ] as const)('leaves other values: %o', (metadata) => {
    const value = { name: 1 };
    expect(pipe.transform(value, metadata)).toBe(value);
  });
});
