import { type PipeTransform, Query } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { parseTimestamp, validationFailed } from '../../common/index.js';
import { INTEGER_MAX } from '../../progression/index.js';

/** A moment in the past of an agent: a version, or a time. */
export type AsOf = number | Date;

/**
 * Parses a version or a time. Text may be either.
 *
 * @throws DomainError `validation_failed`
 */
export function parseAsOf(value: unknown): AsOf {
  const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
  const version = typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : text;
  if (typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= INTEGER_MAX)
    return version;
  const time = typeof text === 'string' ? parseTimestamp(text) : null;
  if (time) return time;
  const detail = `must be a version from 1 to ${INTEGER_MAX}, or an ISO 8601 time such as 2025-01-25T10:00:00Z (UTC if it has no zone)`;
  throw validationFailed([{ field: 'as_of', detail }]);
}

class AsOfPipe implements PipeTransform<unknown, AsOf | undefined> {
  transform(value: unknown): AsOf | undefined {
    return value === undefined ? undefined : parseAsOf(value);
  }
}

/** Query parameter `as_of`; undefined if it is omitted. */
export const AsOfParam = (): ParameterDecorator => Query('as_of', new AsOfPipe());

/** Documents the query parameter. */
export const ApiAsOf = (): MethodDecorator =>
  ApiQuery({
    name: 'as_of',
    description:
      'Version of the agent, or an ISO 8601 time. Returns what was known at that moment: the state after the newest event ' +
      'that had been recorded. Gates are computed for that moment, with the present settings. Default: now.',
    required: false,
    schema: { type: 'string', example: '2025-01-25T10:00:00Z' },
  });
