import { SETTABLE_COLUMNS } from '../../src/progression/agent-state.js';
import { IMPORTED_TIMES } from '../../src/progression/events.js';

/** The columns of an agent that an old table may have. */
export const AGENT_COLUMNS = ['id', 'agent_type', ...SETTABLE_COLUMNS, ...IMPORTED_TIMES, 'created_at', 'updated_at'];

/** The table as SQLAlchemy made it for the old backend: anything may be NULL, JSON is json, times have no zone. */
export const LEGACY_TABLE_SQL = `
  CREATE TABLE agent_metrics (
    id varchar(100) NOT NULL DEFAULT gen_random_uuid()::text CONSTRAINT agent_metrics_pkey PRIMARY KEY,
    agent_id varchar(100) CONSTRAINT agent_metrics_agent_id_key UNIQUE,
    agent_type varchar(200),
    learning_score double precision,
    success_rate double precision,
    failure_rate double precision,
    pass_rate double precision,
    total_learning_cycles integer,
    last_learning_cycle timestamp,
    last_success timestamp,
    last_failure timestamp,
    xp bigint,
    level integer,
    prestige integer,
    current_difficulty varchar(50),
    total_tests_given integer,
    total_tests_passed integer,
    total_tests_failed integer,
    consecutive_successes integer,
    consecutive_failures integer,
    last_test_date timestamp,
    test_history json,
    custody_level integer,
    custody_xp bigint,
    adversarial_wins integer,
    learning_patterns json,
    improvement_suggestions json,
    status varchar(50),
    is_active boolean,
    priority varchar(50),
    capabilities json,
    config json,
    created_at timestamp,
    updated_at timestamp
  )`;
