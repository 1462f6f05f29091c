import type { BenchDatabase } from './bench-database.js';
import { AGENTS, agentName, agentNumbers } from './workloads.js';

const TABLES = `
  CREATE TABLE agent_metrics (
    agent_type varchar(50) COLLATE "C" PRIMARY KEY,
    version integer NOT NULL DEFAULT 1,
    total_tests_given integer NOT NULL DEFAULT 0,
    total_tests_passed integer NOT NULL DEFAULT 0,
    custody_xp integer NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE agent_events (
    agent_type varchar(50) COLLATE "C" NOT NULL,
    version integer NOT NULL,
    type varchar(20) NOT NULL,
    payload jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (agent_type, version)
  )`;

/** Creates the tables of lean.pgbench.sql and the agents that results are recorded for. */
export async function createLeanTables(database: BenchDatabase): Promise<void> {
  await database.query(TABLES);
  const names = [AGENTS.hot, AGENTS.spread].flatMap(agentNumbers).map(agentName);
  await database.query('INSERT INTO agent_metrics (agent_type) SELECT unnest($1::text[])', [names]);
  await database.query('VACUUM ANALYZE');
}
