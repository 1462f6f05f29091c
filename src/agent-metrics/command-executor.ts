import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../common/clock.js';
import { SETTINGS } from '../config/settings.module.js';
import type { Settings } from '../config/settings.js';
import { seal, type SealedEvent } from '../ledger/hash-chain.js';
import { LedgerRepository } from '../ledger/ledger.repository.js';
import { snapshot } from '../progression/agent-state.js';
import { decide } from '../progression/decide.js';
import { fold } from '../progression/evolve.js';
import type { AgentCommand, RecordedChange } from './agent-command.js';
import { AgentMetricsRepository } from './agent-metrics.repository.js';
import { type Rejected, rejectionError } from './rejection.js';
import { WorkingAgent } from './working-agent.js';

/** Carries out commands: lock the agents, decide, write the rows, append the events. */
@Injectable()
export class CommandExecutor {
  constructor(
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Carries out all of the commands, in their order, in the manager's transaction, or none of them.
   *
   * @returns a change for each command, in the same order
   * @throws DomainError that names every field of every command that was refused
   */
  async execute(manager: EntityManager, commands: readonly AgentCommand[]): Promise<RecordedChange[]> {
    const agents = await this.load(manager, [...new Set(commands.map(({ agentType }) => agentType))]);
    const now = this.clock.now();
    const events: SealedEvent[] = [];
    const changes: RecordedChange[] = [];
    const rejected: Rejected[] = [];
    for (const { agentType, command, path = '' } of commands) {
      const agent = agents.get(agentType) ?? new WorkingAgent(null, null, null);
      const { rules } = this.settings;
      const decision = decide(agent.state, command, { agentType, now, rules, newId: uuidv7 });
      if (decision.rejected) {
        rejected.push({ agentType, path, rejection: decision.rejected });
        continue;
      }
      const created = agent.state === null;
      const sealed = seal(
        decision.events.map((event) => ({ ...event, actor: null, idempotency_key: null, request_hash: null })),
        agent.head,
      );
      events.push(...sealed);
      agents.set(agentType, agent.after(decision.state, sealed));
      const { version } = decision.state;
      changes.push({ agent_type: agentType, version, created, metrics: snapshot(decision.state) });
    }
    if (rejected.length > 0) throw rejectionError(rejected);
    // Rows first: they tell when another transaction created an agent at the same time.
    await this.agents.save(
      manager,
      [...agents.values()].flatMap((agent) => agent.rowChange()),
    );
    await this.ledger.append(manager, events);
    return changes;
  }

  private async load(manager: EntityManager, agentTypes: readonly string[]): Promise<Map<string, WorkingAgent>> {
    const rows = await this.agents.lock(manager, agentTypes);
    const agents = new Map<string, WorkingAgent>();
    for (const agentType of agentTypes) {
      const row = rows.get(agentType);
      if (row) {
        const head = row.ledger_hash === null ? null : Buffer.from(row.ledger_hash, 'hex');
        agents.set(agentType, new WorkingAgent(row, head, row.version));
        continue;
      }
      // No row, but perhaps a history: a row that was deleted by hand comes back as the ledger knows it.
      const { events, head } = await this.ledger.read(manager, agentType);
      agents.set(agentType, new WorkingAgent(fold(null, events), head, null));
    }
    return agents;
  }
}
