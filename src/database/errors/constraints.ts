/** Names of constraints that the code or messages refer to. */
export const CONSTRAINTS = {
  agentTypeUnique: 'uq_agent_metrics_agent_type',
  testsAddUp: 'ck_agent_metrics_tests_add_up',
  ratesAreRatios: 'ck_agent_metrics_rates',
  nothingNegative: 'ck_agent_metrics_not_negative',
  listsAreArrays: 'ck_agent_metrics_lists',
  timesInRange: 'ck_agent_metrics_times',
  versionsCount: 'ck_agent_metrics_version',
  levelsFromOne: 'ck_agent_metrics_levels',
  eventKey: 'pk_agent_events',
  idempotencyKeyUnique: 'uq_agent_events_idempotency_key',
  keyNameUnique: 'uq_api_keys_name',
} as const;
