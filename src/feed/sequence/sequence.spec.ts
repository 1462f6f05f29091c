import { describe, expect, it } from '@jest/globals';
import { extendFeed, type GapState, subtractRanges } from './extend-feed.js';
import { GAP_WAIT_MS, WriterWatch } from './writer-watch.js';

const range = (first: number, last = first) => ({ first, last });
const EMPTY = { lastId: 0, lastPosition: 0, continuous: false };
const all = (state: GapState) => () => state;

describe('extendFeed', () => {
  it('begins with a segment, and continues it over dead gaps', () => {
    const first = extendFeed(EMPTY, [], [range(1, 3)], all('open'));
    expect(first).toMatchObject({ lastId: 3, lastPosition: 3, segments: [{ first_position: 1, first_id: 1 }] });
    expect(extendFeed(first, [], [range(4), range(7, 8)], all('dead'))).toEqual({
      lastId: 8,
      lastPosition: 8,
      continuous: true,
      segments: [],
      passed: [],
      waits: false,
    });
  });

  it('waits before an open gap', () => {
    const end = { lastId: 3, lastPosition: 3, continuous: true };
    expect(extendFeed(end, [], [range(4, 5), range(7), range(9)], all('open'))).toEqual({
      lastId: 5,
      lastPosition: 5,
      continuous: true,
      segments: [],
      passed: [],
      waits: true,
    });
  });

  it('passes a late gap, whose events come in a segment of their own', () => {
    const passing = extendFeed({ lastId: 3, lastPosition: 3, continuous: true }, [], [range(6, 7)], all('late'));
    expect(passing).toMatchObject({
      lastId: 7,
      lastPosition: 5,
      segments: [{ first_position: 4, first_id: 6 }],
      passed: [range(4, 5)],
    });
    expect(extendFeed(passing, [range(4, 5)], [range(8)], all('open'))).toMatchObject({
      lastId: 8,
      lastPosition: 8,
      segments: [
        { first_position: 6, first_id: 4 },
        { first_position: 8, first_id: 8 },
      ],
      continuous: true,
    });
  });

  it('keeps positions small after a very large dead gap', () => {
    const far = 10 ** 12;
    expect(extendFeed({ lastId: 1, lastPosition: 1, continuous: true }, [], [range(far)], all('dead'))).toMatchObject({
      lastId: far,
      lastPosition: 2,
      segments: [{ first_position: 2, first_id: far }],
    });
  });
});

describe('subtractRanges', () => {
  it.each([
    [[], [range(5, 9)]],
    [[range(5, 9)], []],
    [[range(6, 7)], [range(5), range(8, 9)]],
    [[range(5), range(9)], [range(6, 8)]],
  ])('without %j leaves %j', (found, rest) => {
    expect(subtractRanges(range(5, 9), found)).toEqual(rest);
  });
});

describe('WriterWatch', () => {
  it('decides when all earlier writers have ended', () => {
    const watch = new WriterWatch();
    watch.observe(10, 0, ['3/1', '4/1']);
    expect(watch.judge(range(9), 0)).toBe('open');
    watch.update(['4/1', '5/1']);
    expect(watch.judge(range(9), 0)).toBe('open');
    expect(watch.judge(range(9), GAP_WAIT_MS)).toBe('late');
    watch.update(['5/1']);
    expect(watch.judge(range(9), 0)).toBe('dead');
    expect(watch.judge(range(11), GAP_WAIT_MS)).toBe('open');
  });

  it('follows locks to a prepared transaction', () => {
    const watch = new WriterWatch();
    watch.observe(10, 0, ['3/1']);
    watch.update(['-1/700']);
    expect(watch.judge(range(9), 0)).toBe('open');
    watch.update(['4/2']);
    expect(watch.judge(range(9), 0)).toBe('dead');
  });

  it('is bounded, and waits at least as long as without the bound', () => {
    const watch = new WriterWatch();
    for (let id = 1; id <= 1_000; id++) watch.observe(id, id, ['3/1']);
    expect(watch.judge(range(1), GAP_WAIT_MS + 1)).toBe('late');
    expect(watch.covers(1_000)).toBe(true);
    watch.update([]);
    expect(watch.deadUpTo).toBe(1_000);
    expect(watch.isEmpty).toBe(true);
  });
});
