import { describe, expect, it } from '@jest/globals';
import { PendingReplies } from './pending-replies.js';

describe('PendingReplies', () => {
  it('gives each reply to the message that it belongs to', async () => {
    const replies = new PendingReplies();
    const ids: number[] = [];
    const expected = ['a', 'b', 'c'].map(() => replies.expect(1_000, (id) => ids.push(id)));
    const [first = 0, second = 0, third = 0] = ids;
    replies.settle(third, 3);
    replies.fail(second, 'no');
    replies.settle(first, 1);
    await expect(expected[0]).resolves.toBe(1);
    await expect(expected[1]).rejects.toThrow('no');
    await expect(expected[2]).resolves.toBe(3);
  });

  it('does not wait longer than the limit, and ignores what comes later', async () => {
    const replies = new PendingReplies();
    let sent = 0;
    const late = replies.expect(10, (id) => {
      sent = id;
    });
    await expect(late).rejects.toThrow('no reply within 0.01 s');
    replies.settle(sent, 'late');
  });

  it('refuses more messages than it may wait for', async () => {
    const replies = new PendingReplies();
    const ids: number[] = [];
    const all = Array.from({ length: 10_000 }, () => replies.expect(10_000, (id) => ids.push(id)));
    await expect(replies.expect(10_000, (id) => ids.push(id))).rejects.toThrow('too many');
    for (const id of ids) replies.settle(id, null);
    expect(await Promise.all(all)).toHaveLength(10_000);
  });
});
