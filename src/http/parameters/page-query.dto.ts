import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { PAGE_LIMIT, type PageRequest } from '../../common/index.js';
import { type ArgumentParser, IsDecimalNumber, markParsed, Omittable } from '../validation/index.js';

/** A page of a list. */
export class PageQueryDto {
  /** Maximum number of items, 1 to 1,000. Default: 1,000. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT, required: false })
  @Omittable()
  @IsDecimalNumber(1, PAGE_LIMIT)
  limit?: string;

  /** The `next_cursor` of the previous page. */
  @Omittable()
  @IsString()
  cursor?: string;
}

/** Converts the query to a page request. */
export function toPageRequest({ limit, cursor }: PageQueryDto): PageRequest {
  return markParsed({ limit: limit === undefined ? undefined : Number(limit), cursor });
}

/** Parser of the page in an in-process call. */
export const PageArgument: ArgumentParser<PageQueryDto, PageRequest> = {
  Dto: PageQueryDto,
  name: 'page',
  convert: toPageRequest,
  adapt: withLimitAsText,
};

/** In a query `limit` is text, in an in-process call it is a number. All other types are invalid. */
export function withLimitAsText(page: unknown): unknown {
  if (typeof page !== 'object' || page === null || !('limit' in page)) return page;
  const { limit } = page;
  return { ...page, limit: typeof limit === 'number' ? String(limit) : null };
}
