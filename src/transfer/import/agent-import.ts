import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { AgentMetricsRepository, CommandExecutor } from '../../agent-metrics/index.js';
import { DomainError } from '../../common/index.js';
import type { LedgerRepository } from '../../ledger/index.js';
import { type AgentState, fold, type JsonObject, type RuleSettings } from '../../progression/index.js';
import type { AgentEntryDto } from './agent-entry.dto.js';
import { agentEntryOf } from './agent-entry.js';
import { idOwners, idProblem, importedBefore, type Newcomer, TWICE } from './destination.js';
import { type ImportReport, wholly } from './import-report.js';
import { importedAgent } from './imported-agent.js';
import type { Importer } from './importer.js';
import type { Entry } from './items.js';

/** Entries, and characters of them, that are written together. */
const ENTRIES_AT_ONCE = 200;
const LENGTH_AT_ONCE = 4 * 1024 * 1024;

interface Arrival {
  place: string;
  entry: AgentEntryDto;
  original: JsonObject;
}

/** What the import of agents works with. */
export interface AgentImportTools {
  agents: AgentMetricsRepository;
  ledger: LedgerRepository;
  executor: CommandExecutor;
  rules: RuleSettings;
  now: Date;
}

/** Makes an `imported` event of each entry, on new agents and on those that exist. */
export class AgentImport implements Importer {
  private arrivals = new Map<string, Arrival>();
  private length = 0;

  constructor(
    private readonly manager: EntityManager,
    private readonly tools: AgentImportTools,
    private readonly report: ImportReport,
  ) {}

  async add(found: Entry): Promise<void> {
    const { place, value, length } = found;
    const parsed = agentEntryOf(found);
    if ('errors' in parsed) {
      const name = found.agentType ?? value['agent_type'];
      this.report.isInvalid(place, typeof name === 'string' ? name : null, parsed.errors);
      return;
    }
    const { entry } = parsed;
    if (this.arrivals.has(entry.agent_type)) {
      this.report.isInvalid(place, entry.agent_type, wholly(TWICE));
      return;
    }
    this.arrivals.set(entry.agent_type, { place, entry, original: value });
    this.length += length;
    if (this.arrivals.size >= ENTRIES_AT_ONCE || this.length >= LENGTH_AT_ONCE) await this.write();
  }

  async finish(): Promise<void> {
    await this.write();
  }

  private async write(): Promise<void> {
    const arrivals = this.arrivals;
    this.arrivals = new Map();
    this.length = 0;
    if (arrivals.size === 0) return;
    const known = await this.known([...arrivals.keys()]);
    const { rules, now } = this.tools;
    const comers = [...arrivals.values()].map((arrival) => {
      const agentType = arrival.entry.agent_type;
      const context = { agentType, now, rules, newId: uuidv7 };
      return { ...arrival, agentType, agent: importedAgent(arrival.entry, known.get(agentType) ?? null, context) };
    });
    const refusals = await this.refusals(comers.map(({ agentType, agent }) => ({ agentType, id: agent.id })));
    const welcome = comers.filter(({ place, agentType }) => {
      const problem = refusals.get(agentType);
      if (problem !== undefined) this.report.isInvalid(place, agentType, wholly(problem));
      return problem === undefined;
    });
    const outcomes = await this.tools.executor.execute(
      this.manager,
      welcome.map(({ agentType, agent, original }) => ({
        commands: [{ agentType, command: { type: 'import', data: { agent, original: [original] } } }],
        request: null,
        actor: null,
      })),
    );
    for (const [index, { place, agentType }] of welcome.entries()) this.note(place, agentType, outcomes[index]?.error);
  }

  /** The agents as they are, locked; those without a row as the ledger knows them. */
  private async known(agentTypes: readonly string[]): Promise<Map<string, AgentState>> {
    const { agents, ledger } = this.tools;
    const known = new Map<string, AgentState>(await agents.lock(this.manager, agentTypes, agentTypes));
    const without = agentTypes.filter((agentType) => !known.has(agentType));
    for (const [agentType, { events }] of await ledger.read(this.manager, without)) {
      const state = fold(null, events);
      if (state) known.set(agentType, state);
    }
    return known;
  }

  private async refusals(newcomers: readonly Newcomer[]): Promise<Map<string, string>> {
    const refusals = new Map<string, string>();
    const owners = await idOwners(this.manager, newcomers);
    for (const { agentType, id } of newcomers) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== agentType) refusals.set(agentType, idProblem(id, owner));
    }
    const agentTypes = newcomers.map(({ agentType }) => agentType);
    for (const agentType of await importedBefore(this.manager, agentTypes)) refusals.set(agentType, TWICE);
    return refusals;
  }

  private note(place: string, agentType: string, error: Error | null | undefined): void {
    if (error === null) {
      this.report.agents += 1;
      this.report.events += 1;
    } else if (error instanceof DomainError && error.options.errors) {
      this.report.isInvalid(place, agentType, error.options.errors);
    } else {
      throw error ?? new Error('a unit of work without an outcome');
    }
  }
}
