import type { EntityManager } from 'typeorm';
import type { AgentMetricsRepository } from '../../agent-metrics/index.js';
import type { FieldError } from '../../common/index.js';
import type { StorageForm } from '../../database/storage/index.js';
import { verifyAgents } from '../../verification/index.js';
import { ImportedMerges } from './imported-merges.js';
import { IncomingAgent } from './incoming-agent.js';
import { addEarlierNames, admit, forgetCreation, DUPLICATE_AGENT } from './destination.js';
import { type ImportReport, toErrors } from './import-report.js';
import type { Importer } from './importer.js';
import type { Entry } from './items.js';
import { toStagedRow, Staging } from './staging.js';
import { parseStoredEvent } from './stored-event.js';

/** Number of events, and of their characters, that are staged together. */
const EVENTS_AT_ONCE = 1_000;
const LENGTH_AT_ONCE = 4 * 1024 * 1024;
/** Number of staged events, and of agents, that are written together. */
export const STAGED_AT_ONCE = 100_000;
const AGENTS_AT_ONCE = 2_000;
/** Number of rows per statement. */
const ROWS_AT_ONCE = 500;

/**
 * Imports events unchanged after verifying them, and writes the resulting rows. An agent is imported with all of its events,
 * which must be consecutive in the file, or not at all.
 */
export class EventImport implements Importer {
  private readonly staging: Staging;
  private readonly merges: ImportedMerges;
  /** Agent whose events are being read. */
  private incoming: IncomingAgent | null = null;
  /** Complete agents whose events are staged. */
  private arrived = new Map<string, IncomingAgent>();
  private kept: { agent: IncomingAgent; row: string }[] = [];
  private keptLength = 0;
  private staged = 0;

  private constructor(
    private readonly manager: EntityManager,
    private readonly agents: AgentMetricsRepository,
    private readonly report: ImportReport,
    private readonly stagedAtOnce: number,
    storage: StorageForm,
  ) {
    this.staging = new Staging(manager, storage);
    this.merges = new ImportedMerges(manager, storage);
  }

  static async begin(
    manager: EntityManager,
    agents: AgentMetricsRepository,
    report: ImportReport,
    stagedAtOnce: number,
    storage: StorageForm,
  ): Promise<EventImport> {
    const begun = new EventImport(manager, agents, report, stagedAtOnce, storage);
    await begun.staging.create();
    return begun;
  }

  async add({ place, value, length }: Entry): Promise<void> {
    const agentType = value['agent_type'];
    const event = parseStoredEvent(value);
    if (typeof agentType !== 'string') {
      this.report.isInvalid(place, null, Array.isArray(event) ? event : toErrors('has no agent_type'));
      return;
    }
    const agent = await this.findAgent(agentType, place);
    if (agent.refused) return;
    const faults = Array.isArray(event) ? event : agent.add(event);
    if (Array.isArray(event) || faults.length > 0) {
      await this.refuse(agent, place, faults);
      return;
    }
    this.kept.push({ agent, row: toStagedRow(event) });
    this.keptLength += length;
    if (this.kept.length >= Math.min(EVENTS_AT_ONCE, this.stagedAtOnce) || this.keptLength >= LENGTH_AT_ONCE)
      await this.stage();
  }

  async finish(): Promise<void> {
    await this.complete();
    await this.stage();
    await this.writeArrived();
    await this.merges.finish();
    await this.verifyAgain(this.merges.agentTypes);
  }

  private async findAgent(agentType: string, place: string): Promise<IncomingAgent> {
    if (this.incoming?.agentType === agentType) return this.incoming;
    await this.complete();
    this.incoming = new IncomingAgent(agentType, place);
    if (this.arrived.has(agentType)) await this.refuse(this.incoming, place, toErrors(DUPLICATE_AGENT));
    return this.incoming;
  }

  /** Completes the current agent. */
  private async complete(): Promise<void> {
    const agent = this.incoming;
    this.incoming = null;
    if (!agent || agent.refused) return;
    const faults = agent.findFaults();
    if (faults.length > 0) {
      await this.refuse(agent, agent.place, faults);
      return;
    }
    this.arrived.set(agent.agentType, agent);
    if (agent.begun || this.staged >= this.stagedAtOnce || this.arrived.size >= AGENTS_AT_ONCE) {
      await this.stage();
      await this.writeArrived();
    }
    if (agent.begun) await this.manager.query('RELEASE SAVEPOINT begun');
  }

  private async stage(): Promise<void> {
    const kept = this.kept.filter(({ agent }) => !agent.refused);
    this.kept = [];
    this.keptLength = 0;
    await this.staging.add(kept.map(({ row }) => row));
    this.staged += kept.length;
    for (const { agent } of kept) agent.staged += 1;
    const { incoming } = this;
    if (incoming && incoming.staged >= this.stagedAtOnce) await this.writeBeginning(incoming);
  }

  private async writeArrived(): Promise<void> {
    const arrived = [...this.arrived.values()];
    this.arrived = new Map();
    const admitted = await this.admitAgents(arrived.filter(({ begun }) => !begun));
    await this.staging.move();
    this.staged = 0;
    await this.writeRows([...arrived.filter(({ begun }) => begun), ...admitted]);
  }

  /** Writes the first events of an agent with too many events to stage. They are rolled back if a later event is invalid. */
  private async writeBeginning(agent: IncomingAgent): Promise<void> {
    if (!agent.begun) {
      const others = await this.admitAgents([...this.arrived.values()]);
      this.arrived = new Map();
      await this.staging.moveAllBut(agent.agentType);
      await this.writeRows(others);
      await this.manager.query('SAVEPOINT begun');
      agent.begun = true;
      if ((await this.admitAgents([agent])).length === 0) await this.manager.query('RELEASE SAVEPOINT begun');
    }
    await this.staging.move();
    agent.staged = 0;
    this.staged = 0;
  }

  /** Returns the agents that can be imported, and deletes the events that they replace. */
  private async admitAgents(agents: readonly IncomingAgent[]): Promise<IncomingAgent[]> {
    if (agents.length === 0) return [];
    const admissions = await admit(this.manager, this.agents, agents);
    const admitted: IncomingAgent[] = [];
    for (const agent of agents) {
      const admission = admissions.get(agent.agentType);
      if (admission?.problem === null) {
        agent.base = admission.base;
        admitted.push(agent);
      } else {
        this.report.isInvalid(agent.place, agent.agentType, toErrors(admission?.problem ?? 'is not known'));
        agent.refused = true;
      }
    }
    await this.staging.remove(agents.filter(({ refused }) => refused).map(({ agentType }) => agentType));
    await forgetCreation(
      this.manager,
      admitted.filter(({ base }) => base !== null).map(({ agentType }) => agentType),
    );
    return admitted;
  }

  private async refuse(agent: IncomingAgent, place: string, faults: readonly FieldError[]): Promise<void> {
    this.report.isInvalid(place, agent.agentType, faults);
    agent.refused = true;
    if (agent.begun) await this.manager.query('ROLLBACK TO SAVEPOINT begun; RELEASE SAVEPOINT begun');
    // The rollback restored the staged events.
    if (agent.staged > 0 || agent.begun) await this.staging.remove([agent.agentType]);
    agent.begun = false;
  }

  /**
   * Verifies agents in the ledger, because a file does not tell in advance which events are voided or merged.
   *
   * @throws Error if a voiding event does not leave its agent as it would be without the voided event, or a merge differs
   */
  private async verifyAgain(agentTypes: readonly string[]): Promise<void> {
    if (agentTypes.length === 0) return;
    const verifiers = await verifyAgents(this.manager, agentTypes);
    const [difference] = verifiers.flatMap(({ differences }) => differences);
    if (!difference) return;
    const { agent_type, version, problem } = difference;
    throw new Error(`agent ${JSON.stringify(agent_type)}, event ${version}: ${problem}. Nothing was imported.`);
  }

  private async writeRows(agents: readonly IncomingAgent[]): Promise<void> {
    const present = agents.filter(({ mergedInto }) => mergedInto === null);
    for (let from = 0; from < present.length; from += ROWS_AT_ONCE) {
      const some = present.slice(from, from + ROWS_AT_ONCE);
      await this.agents.restore(
        this.manager,
        some.map((agent) => agent.toRowChange()),
      );
    }
    for (const { agentType, base, mergedInto } of agents) {
      if (mergedInto !== null && base) await this.agents.remove(this.manager, agentType, base);
    }
    this.merges.add(agents);
    await this.verifyAgain(present.filter(({ hasVoids }) => hasVoids).map(({ agentType }) => agentType));
    await addEarlierNames(this.manager, agents);
    this.report.agents += agents.length;
    for (const { events } of agents) this.report.events += events;
  }
}
