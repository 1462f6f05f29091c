export { AgentEventRecord } from './agent-event.entity.js';
export { AgentTombstone } from './agent-tombstone.entity.js';
export {
  GENESIS_HASH,
  type HashedForms,
  hashRecord,
  type LinkedEvent,
  microseconds,
  type Provenance,
  seal,
  type SealedEvent,
} from './hash-chain.js';
export { buildAppend, LedgerRepository, type RequestEvent } from './ledger.repository.js';
export { findMergedNames } from './merged-names.js';
export {
  addTombstone,
  hashTombstone,
  importTombstone,
  lockTombstones,
  readTombstones,
  type Tombstone,
  type TombstoneImportResult,
  verifyTombstones,
} from './tombstones.js';
export { isVoided } from './is-voided.js';
export { EventMetrics } from './event-metrics.js';
export { LEDGER_EVENTS, METRIC_COLUMNS, type StoredResult, toStoredColumns } from './stored-result.js';
