import type { Settings } from './settings.js';

/**
 * Returns the settings of one worker: its share of each limit of the instance. The shares add up to the limit, so that an
 * instance has the same limits with any number of workers.
 *
 * @param worker number of the worker, 1 to `settings.workers`
 */
export function toWorkerShare(settings: Settings, worker: number): Settings {
  const shareOf = (total: number): number =>
    Math.floor(total / settings.workers) + (worker <= total % settings.workers ? 1 : 0);
  const { http, database, feed, commitQueueSize } = settings;
  return {
    ...settings,
    http: { ...http, maxConnections: shareOf(http.maxConnections) },
    database: { ...database, pool: { size: shareOf(database.pool.size), overflow: shareOf(database.pool.overflow) } },
    feed: { ...feed, maxReaders: shareOf(feed.maxReaders) },
    commitQueueSize: shareOf(commitQueueSize),
  };
}
