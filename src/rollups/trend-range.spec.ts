import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/domain-error.js';
import { toTrendRange, type TrendRequest } from './trend-range.js';

const NOW = new Date('2026-03-01T10:20:30.400Z');

describe('toTrendRange', () => {
  const time = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

  it.each<[string, 'hour' | 'day' | undefined, string | undefined, string | undefined, string, string]>([
    ['30 days including today', undefined, undefined, undefined, '2026-01-31T00:00Z', '2026-03-02T00:00Z'],
    ['48 hours including the current one', 'hour', undefined, undefined, '2026-02-27T11:00Z', '2026-03-01T11:00Z'],
    ['whole days', 'day', '2026-02-01T23:59Z', '2026-02-03T00:01Z', '2026-02-01T00:00Z', '2026-02-04T00:00Z'],
    [
      'days up to a day boundary',
      'day',
      '2026-02-01T00:00Z',
      '2026-02-03T00:00Z',
      '2026-02-01T00:00Z',
      '2026-02-03T00:00Z',
    ],
    ['UTC days', 'day', '2026-02-01T00:00+02:00', '2026-02-02T00:00+02:00', '2026-01-31T00:00Z', '2026-02-02T00:00Z'],
    ['whole hours', 'hour', '2026-02-01T05:30Z', '2026-02-01T05:31Z', '2026-02-01T05:00Z', '2026-02-01T06:00Z'],
    ['30 days before an end', 'day', undefined, '2026-01-31T00:00Z', '2026-01-01T00:00Z', '2026-01-31T00:00Z'],
    ['everything since a start', 'day', '2026-02-28T00:00Z', undefined, '2026-02-28T00:00Z', '2026-03-02T00:00Z'],
    ['the current hour', 'hour', '2026-03-01T10:20:30.400Z', undefined, '2026-03-01T10:00Z', '2026-03-01T11:00Z'],
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
    ['future days', 'day', '2026-03-05T00:00Z', '2026-03-06T00:00Z', '2026-03-05T00:00Z', '2026-03-06T00:00Z'],
  ])('accepts %s', (_case, bucket, from, to, start, end) => {
    expect(toTrendRange({ bucket, from: time(from), to: time(to) }, NOW)).toEqual({
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
  ])('rejects a range that %s', (_case, request, detail) => {
    const errors = catchErrors(() => toTrendRange(request, NOW));
    expect(errors).toEqual([{ field: 'from', detail }]);
  });
});

function catchErrors(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'validation_failed') return error.options.errors;
    throw error;
  }
  throw new Error('the range was accepted');
}
