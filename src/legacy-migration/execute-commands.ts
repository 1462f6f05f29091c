import type { EntityManager } from 'typeorm';
import type { AgentCommand, CommandExecutor, RecordedChange } from '../agent-metrics/index.js';
import { DomainError } from '../common/index.js';

/**
 * Executes all commands in the manager's transaction.
 *
 * @throws Error with the agents whose commands were rejected, and the reasons
 */
export async function executeCommands(
  executor: CommandExecutor,
  manager: EntityManager,
  commands: readonly AgentCommand[],
): Promise<RecordedChange[]> {
  const unit = {
    commands: commands.map((command) => ({ path: `${command.agentType}.`, ...command })),
    request: null,
    actor: null,
  };
  const [outcome] = await executor.execute(manager, [unit]);
  if (!outcome) throw new Error('the unit of work has no outcome');
  if (outcome.error === null) return outcome.changes;
  const { error } = outcome;
  const fields = error instanceof DomainError ? (error.options.errors ?? []) : [];
  throw new Error([error.message, ...fields.map(({ field, detail }) => `${field} ${detail}`)].join(' '), {
    cause: error,
  });
}
