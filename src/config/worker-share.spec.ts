import { describe, expect, it } from '@jest/globals';
import { loadSettings } from './settings.js';
import { toWorkerShare } from './worker-share.js';

const limitsOf = ({ http, database, feed, commitQueueSize }: ReturnType<typeof loadSettings>) => [
  http.maxConnections,
  database.pool.size,
  database.pool.overflow,
  feed.maxReaders,
  commitQueueSize,
];

describe('toWorkerShare', () => {
  it.each([1, 2, 3, 7, 20])('divides the limits of the instance among %d workers', (workers) => {
    const settings = loadSettings({ WORKERS: String(workers), MAX_CONNECTIONS: '1003', FEED_MAX_READERS: '21' });
    const shares = Array.from({ length: workers }, (_, index) => limitsOf(toWorkerShare(settings, index + 1)));
    const sums = limitsOf(settings).map((_, limit) => shares.reduce((sum, share) => sum + (share[limit] ?? 0), 0));
    expect(sums).toEqual(limitsOf(settings));
    for (const [connections, pool, , readers, queue] of shares) {
      for (const share of [connections, pool, readers, queue]) expect(share).toBeGreaterThan(0);
    }
  });

  it('leaves the other settings as they are', () => {
    const settings = loadSettings({ WORKERS: '2' });
    const { http, database, feed, commitQueueSize, ...others } = toWorkerShare(settings, 1);
    expect(settings).toMatchObject(others);
    expect({ ...http, maxConnections: 10_000 }).toEqual(settings.http);
    expect([database.timeouts, feed.heartbeatMs, commitQueueSize]).toEqual([settings.database.timeouts, 15_000, 5_000]);
  });
});

describe('loadSettings', () => {
  it.each(['CONNECTION_POOL_SIZE', 'COMMIT_QUEUE_SIZE', 'MAX_CONNECTIONS', 'FEED_MAX_READERS'])(
    'refuses a %s that leaves a worker without a share',
    (name) => {
      expect(() => loadSettings({ WORKERS: '4', [name]: '3' })).toThrow(`${name}: must be at least WORKERS`);
      expect(() => loadSettings({ WORKERS: '4', [name]: '4' })).not.toThrow();
    },
  );

  it.each(['0', '65', '1.5', 'two'])('refuses WORKERS=%s', (workers) => {
    expect(() => loadSettings({ WORKERS: workers })).toThrow('WORKERS');
  });
});
