import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../../common/index.js';
import { findStorageForm, type StorageForm } from '../../database/storage/index.js';
import { LedgerRepository } from '../../ledger/index.js';
import { AgentMetricsRepository } from '../store/agent-metrics.repository.js';
import type { AgentMetricsSettings } from '../settings.js';
import { AgentLocker } from './agent-locker.js';
import { CommandExecutor } from './command-executor.js';
import { RoundWriter } from './round-writer.js';
import { VoidingReader } from './voiding-reader.js';

/** Components of the write path, for CLI commands with their own DataSource and transaction. */
export interface WritePath {
  agents: AgentMetricsRepository;
  ledger: LedgerRepository;
  executor: CommandExecutor;
  locker: AgentLocker;
  storage: StorageForm;
}

/** @param manager of the transaction in which the storage form is detected */
export async function createWritePath(
  dataSource: DataSource,
  settings: AgentMetricsSettings,
  manager: EntityManager = dataSource.manager,
): Promise<WritePath> {
  const storage = await findStorageForm(manager);
  const agents = new AgentMetricsRepository(settings, storage);
  const ledger = new LedgerRepository(storage);
  const clock = new Clock();
  const locker = new AgentLocker(agents, ledger, clock);
  return {
    agents,
    ledger,
    executor: new CommandExecutor(
      agents,
      ledger,
      new RoundWriter(agents, ledger, storage),
      locker,
      new VoidingReader(ledger),
      clock,
      settings,
    ),
    locker,
    storage,
  };
}
