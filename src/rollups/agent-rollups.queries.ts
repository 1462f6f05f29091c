import { Injectable } from '@nestjs/common';
import { AgentAccess } from '../common/index.js';
import { buildAgentCondition } from '../database/values/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import { asDouble } from './as-double.js';

/** Sums over the current state of agents. Averages and ratios are 0 if the divisor is 0. */
export interface AgentSums {
  total_agents: number;
  active_agents: number;
  total_learning_score: number;
  average_learning_score: number;
  total_learning_cycles: number;
  total_xp: number;
  average_level: number;
  total_tests_given: number;
  total_tests_passed: number;
  total_tests_failed: number;
  overall_pass_rate: number;
  total_adversarial_wins: number;
  total_custody_xp: number;
  average_custody_level: number;
  agents_by_difficulty: Record<string, number>;
}

/** Sums by difficulty, from the rollup of all agents. */
const OF_ALL_AGENTS = `
    SELECT current_difficulty, sum(agents) AS agents, sum(active_agents) AS active_agents,
           sum(learning_score) AS learning_score, sum(learning_cycles) AS learning_cycles,
           sum(xp) AS xp, sum(level) AS level, sum(tests_passed) AS passed, sum(tests_failed) AS failed,
           sum(adversarial_wins) AS adversarial_wins, sum(custody_xp) AS custody_xp, sum(custody_level) AS custody_level
      FROM agent_rollups GROUP BY current_difficulty HAVING sum(agents) > 0`;
/** The same sums, from the rows of some agents. */
const buildSumsOfSome = (included: string): string => `
    SELECT current_difficulty, count(*)::numeric AS agents, count(*) FILTER (WHERE is_active)::numeric AS active_agents,
           sum(learning_score::numeric) AS learning_score, sum(total_learning_cycles)::numeric AS learning_cycles,
           sum(xp)::numeric AS xp, sum(level)::numeric AS level, sum(total_tests_passed)::numeric AS passed,
           sum(total_tests_failed)::numeric AS failed, sum(adversarial_wins)::numeric AS adversarial_wins,
           sum(custody_xp)::numeric AS custody_xp, sum(custody_level)::numeric AS custody_level
      FROM agent_metrics WHERE ${included} GROUP BY current_difficulty`;

const buildSums = (byDifficulty: string): string => `
  WITH kept AS (${byDifficulty}
  ), total AS (
    SELECT coalesce(sum(agents), 0)::float8 AS agents, coalesce(sum(active_agents), 0)::float8 AS active_agents,
           coalesce(sum(learning_score), 0) AS learning_score,
           coalesce(sum(learning_cycles), 0)::float8 AS learning_cycles,
           coalesce(sum(xp), 0)::float8 AS xp, coalesce(sum(level), 0)::float8 AS level,
           coalesce(sum(passed), 0)::float8 AS passed, coalesce(sum(failed), 0)::float8 AS failed,
           coalesce(sum(adversarial_wins), 0)::float8 AS adversarial_wins,
           coalesce(sum(custody_xp), 0)::float8 AS custody_xp, coalesce(sum(custody_level), 0)::float8 AS custody_level,
           coalesce(jsonb_object_agg(current_difficulty, agents), '{}') AS agents_by_difficulty
      FROM kept
  )
  SELECT agents AS total_agents, active_agents,
         ${asDouble('learning_score')} AS total_learning_score,
         coalesce(${asDouble('learning_score / nullif(agents::numeric, 0)')}, 0) AS average_learning_score,
         learning_cycles AS total_learning_cycles,
         xp AS total_xp,
         coalesce(level / nullif(agents, 0), 0) AS average_level,
         passed + failed AS total_tests_given, passed AS total_tests_passed, failed AS total_tests_failed,
         coalesce(passed / nullif(passed + failed, 0), 0) AS overall_pass_rate,
         adversarial_wins AS total_adversarial_wins,
         custody_xp AS total_custody_xp,
         coalesce(custody_level / nullif(agents, 0), 0) AS average_custody_level,
         agents_by_difficulty
    FROM total`;

/** Sums over all agents, whose cost does not depend on their number, or over some agents. */
@Injectable()
export class AgentRollupQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  async getSums(access = AgentAccess.ALL): Promise<AgentSums> {
    const { sql, parameters } = buildAgentCondition(access, 1);
    const statement = buildSums(access.isLimited ? buildSumsOfSome(sql) : OF_ALL_AGENTS);
    const [sums] = await this.transactions.readReplica((session) => session.query<AgentSums[]>(statement, parameters));
    if (!sums) throw new Error('an aggregate without GROUP BY returned no row');
    return sums;
  }
}
