/** Shapes of the API that the dashboard reads. openapi.json documents them. */

export interface Interval {
  low: number;
  high: number;
}

export interface TestEntry {
  score: number;
  passed: boolean;
  timestamp: string;
  test_type: string;
  difficulty: string;
  xp_awarded: number;
}

export interface Metrics {
  agent_type: string;
  version: number;
  ledger_hash: string;
  learning_score: number;
  pass_rate: number;
  total_learning_cycles: number;
  xp: number;
  level: number;
  current_difficulty: string;
  total_tests_given: number;
  total_tests_passed: number;
  total_tests_failed: number;
  consecutive_successes: number;
  consecutive_failures: number;
  last_test_date: string | null;
  test_history: TestEntry[];
  custody_level: number;
  custody_xp: number;
  adversarial_wins: number;
  status: string;
  is_active: boolean;
  priority: string;
  created_at: string;
  updated_at: string;
}

export interface Standing {
  agent_type: string;
  status: string;
  is_active: boolean;
  may_propose: boolean;
  may_level_up: boolean;
  current_difficulty: string;
  custody_level: number;
  custody_xp: number;
  total_tests_given: number;
  total_tests_passed: number;
  pass_rate: number;
  consecutive_successes: number;
  consecutive_failures: number;
  last_test_date: string | null;
  next_test_at: string | null;
  is_due: boolean;
  is_overdue: boolean;
  recommendations: { code: string; severity: 'info' | 'warning' | 'critical'; message: string }[];
}

export interface Requirement {
  code: string;
  name: string;
  comparison: 'at_least' | 'at_most' | 'equal';
  required: number | boolean;
  actual: number | boolean | null;
  unit: string | null;
  met: boolean;
  until: string | null;
}

export interface Gate {
  eligible: boolean;
  requirements: Requirement[];
}

export interface Eligibility {
  propose: Gate;
  level_up: Gate;
}

export interface TestOutcomes {
  tests: number;
  passed: number;
  errored: number;
  pass_rate: number | null;
  pass_rate_interval: Interval | null;
  average_score: number | null;
  average_duration: number | null;
}

export interface TrendPoint extends TestOutcomes {
  starts_at: string;
}

export interface TestPerformance extends TestOutcomes {
  by_category: Record<string, TestOutcomes>;
  by_difficulty: Record<string, TestOutcomes>;
}

export interface ComparisonGroup extends TestOutcomes {
  value: string | null;
  first_at: string;
  last_at: string;
  difference: (Interval & { value: number; baseline: string | null }) | null;
}

export interface LeaderboardEntry {
  rank: number;
  agent_type: string;
  level: number;
  learning_score: number;
  custody_xp: number;
  win_rate: number;
  total_tests: number;
  pass_rate: number;
  xp: number;
  consecutive_successes: number;
  consecutive_failures: number;
  earned?: { xp: number; custody_xp: number; tests: number; passed: number };
}

export interface Evidence {
  source?: string;
  run_id?: string;
  case_id?: string;
  attempt?: number;
  evaluator?: string;
  model?: string;
  agent_version?: string;
  environment?: string;
  url?: string;
  reason?: string;
  details?: unknown;
}

export interface LedgerEvent {
  version: number;
  type: string;
  payload: Record<string, unknown> & { evidence?: Evidence };
  actor: string | null;
  occurred_at: string;
  recorded_at: string;
  hash: string;
  prev_hash: string | null;
  voided_by: number | null;
  idempotency_key: string | null;
}

export interface FeedEvent extends Omit<LedgerEvent, 'voided_by'> {
  position: number;
  agent_type: string;
}

export type Scope = 'read' | 'write' | 'admin';

/** The sender of the dashboard's requests. */
export interface Caller {
  name: string | null;
  scope: Scope;
  agents: string[] | null;
}

export interface IngestReport {
  dry_run: boolean;
  format: string;
  cases: number;
  passed: number;
  failed: number;
  errored: number;
  not_recorded: number;
  recorded: number;
  replayed: number;
  refused: number;
  agents: { model: string | null; agent_type: string; category: string; cases: number }[];
  reasons: Record<string, number>;
  remarks: string[];
  not_recorded_cases: { place: string; code: string; reason: string }[];
}
