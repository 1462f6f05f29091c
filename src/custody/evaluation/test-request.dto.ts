import { IsBoolean, Matches } from 'class-validator';
import { type ArgumentParser, Omittable } from '../../http/validation/index.js';
import { CATEGORY_PATTERN } from '../../progression/index.js';
import type { TestRequest } from './test-assignment.js';

/** Request for a test, in an in-process call. */
class TestRequestDto implements TestRequest {
  @Omittable()
  @Matches(CATEGORY_PATTERN)
  category?: string;

  @IsBoolean()
  forced!: boolean;
}

/** Parser of the request for a test. */
export const TestArgument: ArgumentParser<TestRequestDto, TestRequest> = {
  Dto: TestRequestDto,
  name: 'test',
  convert: ({ category, forced }) => ({ category, forced }),
};
