import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/domain-error.js';
import { trendRangeOf, type TrendRequest } from './trend-range.js';

const NOW = new Date('2026-03-01T10:20:30.400Z');

describe('the range of trends', () => {
  const time = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

  it.each<[string, 'hour' | 'day' | undefined, string | undefined, string | undefined, string, string]>([
    ['30 days, today among them', undefined, undefined, undefined, '2026-01-31T00:00Z', '2026-03-02T00:00Z'],
    ['48 hours, the present one among them', 'hour', undefined, undefined, '2026-02-27T11:00Z', '2026-03-01T11:00Z'],
    ['whole days', 'day', '2026-02-01T23:59Z', '2026-02-03T00:01Z', '2026-02-01T00:00Z', '2026-02-04T00:00Z'],
    [
      'days up to where one ends',
      'day',
      '2026-02-01T00:00Z',
      '2026-02-03T00:00Z',
      '2026-02-01T00:00Z',
      '2026-02-03T00:00Z',
    ],
    [
      'days of UTC',
      'day',
      '2026-02-01T00:00+02:00',
      '2026-02-02T00:00+02:00',
      '2026-01-31T00:00Z',
      '2026-02-02T00:00Z',
    ],
    ['whole hours', 'hour', '2026-02-01T05:30Z', '2026-02-01T05:31Z', '2026-02-01T05:00Z', '2026-02-01T06:00Z'],
    ['30 days before an end', 'day', undefined, '2026-01-31T00:00Z', '2026-01-01T00:00Z', '2026-01-31T00:00Z'],
    ['all since a beginning', 'day', '2026-02-28T00:00Z', undefined, '2026-02-28T00:00Z', '2026-03-02T00:00Z'],
    ['the present hour', 'hour', '2026-03-01T10:20:30.400Z', undefined, '2026-03-01T10:00Z', '2026-03-01T11:00Z'],
    ['1,000 hours', 'hour', '2026-01-01T00:00Z', '2026-02-11T16:00Z', '2026-01-01T00:00Z', '2026-02-11T16:00Z'],
    [
      'the last day of 9999',
      'day',
      '9999-12-31T12:00Z',
      '9999-12-31T23:59:59.999Z',
      '9999-12-31T00:00Z',
      '9999-12-31T23:59:59.999Z',
    ],
    [
      'the last hour of 9999',
      'hour',
      '9999-12-31T22:59Z',
      '9999-12-31T23:01Z',
      '9999-12-31T22:00Z',
      '9999-12-31T23:59:59.999Z',
    ],
    ['days to come', 'day', '2026-03-05T00:00Z', '2026-03-06T00:00Z', '2026-03-05T00:00Z', '2026-03-06T00:00Z'],
  ])('may be %s', (_case, bucket, from, to, start, end) => {
    expect(trendRangeOf({ bucket, from: time(from), to: time(to) }, NOW)).toEqual({
      bucket: bucket ?? 'day',
      from: new Date(start),
      to: new Date(end),
    });
  });

  it.each<[string, TrendRequest, string]>([
    ['is empty', { from: new Date('2026-02-02'), to: new Date('2026-02-02') }, 'must be before `to`'],
    ['ends before it begins', { from: new Date('2026-02-03'), to: new Date('2026-02-02') }, 'must be before `to`'],
    ['begins tomorrow', { from: new Date('2026-03-02') }, 'must be before now'],
    [
      'has 1,001 hours',
      { bucket: 'hour', from: new Date('2026-01-01T00:00Z'), to: new Date('2026-02-11T16:00:00.001Z') },
      'must be at most 1,000 hours before the end; it is 1,001',
    ],
  ])('is refused when it %s', (_case, request, detail) => {
    const errors = refusal(() => trendRangeOf(request, NOW));
    expect(errors).toEqual([{ field: 'from', detail }]);
  });
});

function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'validation_failed') return error.options.errors;
    throw error;
  }
  throw new Error('it was not refused');
}
