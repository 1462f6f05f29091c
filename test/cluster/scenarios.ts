import type { Load } from '../crash/load.js';
import { randomPause } from '../crash/pauses.js';
import type { SentResult } from '../crash/sent-result.js';
import type { Cluster } from './cluster.js';

const RESULTS_BETWEEN_FAILURES = 50;
const LONGEST_PAUSE_MS = 200;

export interface Scenario {
  /** Its line in the report, and how the names of its agents begin. */
  name: string;
  /** Makes that many failures happen, under load. */
  fail: (cluster: Cluster, load: Load, times: number) => Promise<void>;
  /** Beyond what holds for every scenario: what must not have happened to a result. */
  problemOf?: (result: SentResult) => string | null;
}

/** One instance after the other is killed; HAProxy and the others go on. */
export const INSTANCES_KILLED: Scenario = {
  name: 'instances killed',
  fail: async (cluster, load, times) => {
    for (let time = 0; time < times; time++) {
      await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
      await randomPause(LONGEST_PAUSE_MS);
      const instance = cluster.instances[time % cluster.instances.length];
      await instance?.kill();
      await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
      await instance?.start(cluster.throughPooler());
    }
    await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
  },
};

/** A rolling restart, with another configuration: off the pooler, onto the pair of servers. No request is cut. */
export const INSTANCES_RESTARTED: Scenario = {
  name: 'instances restarted',
  fail: async (cluster, load, times) => {
    for (let time = 0; time < times; time++) {
      await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
      const instance = cluster.instances[time % cluster.instances.length];
      await instance?.stop();
      await instance?.start(cluster.onEitherServer());
    }
    await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
  },
  problemOf: ({ attempts, acknowledgements }) =>
    attempts === 1 && acknowledgements.length === 1
      ? null
      : `was sent ${attempts} times and acknowledged ${acknowledgements.length} times`,
};

/** The primary is killed, its synchronous standby promoted, and the old primary made anew as the standby of that one. */
export const PRIMARY_KILLED: Scenario = {
  name: 'primary killed',
  fail: async (cluster, load, times) => {
    for (let time = 0; time < times; time++) {
      await cluster.standby.startAsStandbyOf(cluster.primary);
      await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
      await randomPause(LONGEST_PAUSE_MS);
      await cluster.primary.kill();
      await cluster.standby.promote();
      [cluster.primary, cluster.standby] = [cluster.standby, cluster.primary];
      await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
    }
  },
};
