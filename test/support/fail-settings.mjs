// Loaded into a service: after SIGUSR2, the settings of a round fail while its other statements are still running.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const { query } = pg.Client.prototype;
let isFailing = false;
process.on('SIGUSR2', () => {
  isFailing = !isFailing;
});

pg.Client.prototype.query = function (statement, ...rest) {
  const text = statement?.text ?? statement;
  if (isFailing && /SET LOCAL plan_cache_mode/.test(text)) return Promise.reject(new Error('no settings'));
  const result = query.call(this, statement, ...rest);
  return isFailing && /ledger_events event/.test(text) ? sleep(100).then(() => result) : result;
};
