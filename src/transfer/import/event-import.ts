import type { EntityManager } from 'typeorm';
import type { AgentMetricsRepository } from '../../agent-metrics/index.js';
import type { FieldError } from '../../common/index.js';
import type { StorageForm } from '../../database/storage/index.js';
import { ArrivingAgent } from './arriving-agent.js';
import { admit, forgetCreation, TWICE } from './destination.js';
import { type ImportReport, wholly } from './import-report.js';
import type { Importer } from './importer.js';
import type { Entry } from './items.js';
import { stagedRow, Staging } from './staging.js';
import { storedEventOf } from './stored-event.js';

/** Events, and characters of them, that are kept to be staged together. */
const EVENTS_AT_ONCE = 1_000;
const LENGTH_AT_ONCE = 4 * 1024 * 1024;
/** Events that are staged, and agents that are kept, to be written together. */
export const STAGED_AT_ONCE = 100_000;
const AGENTS_AT_ONCE = 2_000;
/** Rows that one statement writes. */
const ROWS_AT_ONCE = 500;

/**
 * Writes events as they are, after each was checked as `verify` checks them, and the rows that they make. An agent comes
 * in with all of its events, which must follow each other in the file, or not at all.
 */
export class EventImport implements Importer {
  private readonly staging: Staging;
  /** The agent whose events are being read. */
  private arriving: ArrivingAgent | null = null;
  /** Those before it whose events are staged. */
  private arrived = new Map<string, ArrivingAgent>();
  private kept: { agent: ArrivingAgent; row: string }[] = [];
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
    const event = storedEventOf(value);
    if (typeof agentType !== 'string') {
      this.report.isInvalid(place, null, Array.isArray(event) ? event : wholly('has no agent_type'));
      return;
    }
    const agent = await this.agentOf(agentType, place);
    if (agent.refused) return;
    const faults = Array.isArray(event) ? event : agent.add(event);
    if (Array.isArray(event) || faults.length > 0) {
      await this.refuse(agent, place, faults);
      return;
    }
    this.kept.push({ agent, row: stagedRow(event) });
    this.keptLength += length;
    if (this.kept.length >= Math.min(EVENTS_AT_ONCE, this.stagedAtOnce) || this.keptLength >= LENGTH_AT_ONCE)
      await this.stage();
  }

  async finish(): Promise<void> {
    await this.complete();
    await this.stage();
    await this.writeArrived();
  }

  private async agentOf(agentType: string, place: string): Promise<ArrivingAgent> {
    if (this.arriving?.agentType === agentType) return this.arriving;
    await this.complete();
    this.arriving = new ArrivingAgent(agentType, place);
    if (this.arrived.has(agentType)) await this.refuse(this.arriving, place, wholly(TWICE));
    return this.arriving;
  }

  /** What was read of the agent is all there is. */
  private async complete(): Promise<void> {
    const agent = this.arriving;
    this.arriving = null;
    if (!agent || agent.refused) return;
    const faults = agent.faults();
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
    const { arriving } = this;
    if (arriving && arriving.staged >= this.stagedAtOnce) await this.writeBeginning(arriving);
  }

  private async writeArrived(): Promise<void> {
    const arrived = [...this.arrived.values()];
    this.arrived = new Map();
    const admitted = await this.admitted(arrived.filter(({ begun }) => !begun));
    await this.staging.move();
    this.staged = 0;
    await this.writeRows([...arrived.filter(({ begun }) => begun), ...admitted]);
  }

  /** There are too many events of an agent to wait for the last. What is written is taken back when that can't be imported. */
  private async writeBeginning(agent: ArrivingAgent): Promise<void> {
    if (!agent.begun) {
      const others = await this.admitted([...this.arrived.values()]);
      this.arrived = new Map();
      await this.staging.moveAllBut(agent.agentType);
      await this.writeRows(others);
      await this.manager.query('SAVEPOINT begun');
      agent.begun = true;
      if ((await this.admitted([agent])).length === 0) await this.manager.query('RELEASE SAVEPOINT begun');
    }
    await this.staging.move();
    agent.staged = 0;
    this.staged = 0;
  }

  /** Those that the database has a place for, which is cleared. */
  private async admitted(agents: readonly ArrivingAgent[]): Promise<ArrivingAgent[]> {
    if (agents.length === 0) return [];
    const admissions = await admit(this.manager, this.agents, agents);
    const admitted: ArrivingAgent[] = [];
    for (const agent of agents) {
      const admission = admissions.get(agent.agentType);
      if (admission?.problem === null) {
        agent.base = admission.base;
        admitted.push(agent);
      } else {
        this.report.isInvalid(agent.place, agent.agentType, wholly(admission?.problem ?? 'is not known'));
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

  private async refuse(agent: ArrivingAgent, place: string, faults: readonly FieldError[]): Promise<void> {
    this.report.isInvalid(place, agent.agentType, faults);
    agent.refused = true;
    if (agent.begun) await this.manager.query('ROLLBACK TO SAVEPOINT begun; RELEASE SAVEPOINT begun');
    // What was in the ledger is staged again.
    if (agent.staged > 0 || agent.begun) await this.staging.remove([agent.agentType]);
    agent.begun = false;
  }

  private async writeRows(agents: readonly ArrivingAgent[]): Promise<void> {
    for (let from = 0; from < agents.length; from += ROWS_AT_ONCE) {
      const some = agents.slice(from, from + ROWS_AT_ONCE);
      await this.agents.restore(
        this.manager,
        some.map((agent) => agent.rowChange()),
      );
    }
    this.report.agents += agents.length;
    for (const { events } of agents) this.report.events += events;
  }
}
