import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { RequestPipe } from './request.pipe.js';

class NamedDto {
  @IsString()
  name!: string;
}
const pipe = new RequestPipe();

describe('RequestPipe', () => {
  it('parses a query as the class of the parameter', () => {
    const parsed = pipe.transform({ name: 'a' }, { type: 'query', metatype: NamedDto });
    expect(parsed).toBeInstanceOf(NamedDto);
    expect(parsed).toEqual({ name: 'a' });
  });

  it('refuses unknown fields, also of an instance that another pipe has made', () => {
    const instance = Object.assign(new NamedDto(), { name: 'a', extra: 1 });
    expect(() => pipe.transform(instance, { type: 'query', metatype: NamedDto })).toThrow('1 invalid field');
  });

  it('leaves a value whose parameter has no class', () => {
    expect(pipe.transform({ name: 1 }, { type: 'query' })).toEqual({ name: 1 });
  });
});
