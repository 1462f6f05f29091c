import { IsBoolean, IsIn } from 'class-validator';
import { type ArgumentParser, Omittable } from '../../http/validation/index.js';
import { CATEGORIES, type Category } from '../../progression/index.js';
import type { TestRequest } from './test-assignment.js';

/** Request for a test, in an in-process call. */
class TestRequestDto implements TestRequest {
  @Omittable()
  @IsIn(CATEGORIES)
  category?: Category;

  @IsBoolean()
  forced!: boolean;
}

/** Parser of the request for a test. */
export const TestArgument: ArgumentParser<TestRequestDto, TestRequest> = {
  Dto: TestRequestDto,
  name: 'test',
  convert: ({ category, forced }) => ({ category, forced }),
};
