import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { CommandExecutor } from '../../agent-metrics/index.js';
import { DomainError } from '../../common/index.js';
import type { JsonObject, RuleSettings } from '../../progression/index.js';
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
    const { executor, rules, now } = this.tools;
    const known = await executor.lockStates(this.manager, [...arrivals.keys()]);
    const candidates = [...arrivals.values()].map((arrival) => {
      const agentType = arrival.entry.agent_type;
      const context = { agentType, now, rules, newId: uuidv7 };
      return { ...arrival, agentType, agent: importedAgent(arrival.entry, known.get(agentType) ?? null, context) };
    });
    const refusals = await this.refusals(candidates.map(({ agentType, agent }) => ({ agentType, id: agent.id })));
    const admitted = candidates.filter(({ place, agentType }) => {
      const problem = refusals.get(agentType);
      if (problem !== undefined) this.report.isInvalid(place, agentType, wholly(problem));
      return problem === undefined;
    });
    const outcomes = await executor.execute(
      this.manager,
      admitted.map(({ agentType, agent, original }) => ({
        commands: [{ agentType, command: { type: 'import', data: { agent, original: [original] } } }],
        request: null,
        actor: null,
      })),
    );
    for (const [index, { place, agentType }] of admitted.entries()) this.note(place, agentType, outcomes[index]?.error);
  }

  private async refusals(newcandidates: readonly Newcomer[]): Promise<Map<string, string>> {
    const refusals = new Map<string, string>();
    const owners = await idOwners(this.manager, newcandidates);
    for (const { agentType, id } of newcandidates) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== agentType) refusals.set(agentType, idProblem(id, owner));
    }
    const agentTypes = newcandidates.map(({ agentType }) => agentType);
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
