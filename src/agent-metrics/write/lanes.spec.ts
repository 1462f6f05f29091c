import { beforeEach, describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.js';

const agents = (count: number) => new Set(Array.from({ length: count }, (_, index) => `agent-${index}`));

let lanes: Lanes;
beforeEach(() => {
  lanes = new Lanes();
});

describe('a first round', () => {
  it('starts at once', () => {
    expect(lanes.getDelay(1, 0)).toBe(0);
  });
});

describe('a second round', () => {
  it.each([
    ['one command beside a round of one agent', 1, 1, 0],
    ['fewer units than the first one has agents', 3, 2, 20],
    ['as many units as the first one has agents', 3, 3, 0],
    ['too few units beside a large round', 200, 15, 20],
    ['enough units beside a large round', 200, 16, 0],
  ])('of %s', (_, running, waiting, delay) => {
    lanes.open(agents(running), 1_000);
    expect(lanes.getDelay(waiting, 1_000)).toBe(delay);
  });

  it('is not delayed longer by a round that takes long', () => {
    lanes.open(agents(5), 1_000);
    expect([1_015, 1_020, 5_000].map((now) => lanes.getDelay(1, now))).toEqual([5, 0, 0]);
  });

  it('is not delayed by a round that has ended', () => {
    lanes.close(lanes.open(agents(5), 1_000));
    expect(lanes.getDelay(1, 1_001)).toBe(0);
  });
});

describe('a third round', () => {
  it('waits for the end of another one', () => {
    lanes.open(new Set(['one']), 0);
    lanes.open(new Set(['two']), 0);
    expect(lanes.getDelay(100, 60_000)).toBeNull();
  });
});

describe('the share of a round', () => {
  const names = (count: number) => [...agents(count)];

  it.each([
    ['all of few agents', names(16), 16],
    ['half of many agents', names(65), 33],
    ['one agent of many units', Array.from({ length: 200 }, () => 'agent-0'), 16],
  ])('is %s', (_, waiting, share) => {
    expect(lanes.getShare(waiting)).toBe(share);
  });

  it('includes the agents of running rounds once', () => {
    lanes.open(agents(40), 0);
    expect(lanes.getShare([...names(40), 'other-1', 'other-2'])).toBe(21);
  });
});

describe('an agent', () => {
  it('is busy while its round runs', () => {
    const lane = lanes.open(new Set(['one']), 0);
    expect([lanes.isBusy(['two', 'one']), lanes.isBusy(['two'])]).toEqual([true, false]);
    lanes.close(lane);
    expect(lanes.isBusy(['one'])).toBe(false);
  });
});
