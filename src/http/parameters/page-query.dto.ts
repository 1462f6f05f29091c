import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { PAGE_LIMIT, type PageRequest } from '../../common/index.js';
import { IsDecimalNumber, Omittable } from '../validation/index.js';

/** Which page of a list. */
export class PageQueryDto {
  /** Items on the page, 1 to 1,000; 1,000 when left out. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT, required: false })
  @Omittable()
  @IsDecimalNumber(1, PAGE_LIMIT)
  limit?: string;

  /** The `next_cursor` of the page before. */
  @Omittable()
  @IsString()
  cursor?: string;
}

/** The page that the query asks for. */
export function toPageRequest({ limit, cursor }: PageQueryDto): PageRequest {
  return { limit: limit === undefined ? undefined : Number(limit), cursor };
}
