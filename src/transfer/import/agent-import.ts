import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { AgentLocker, CommandExecutor } from '../../agent-metrics/index.js';
import { DomainError } from '../../common/index.js';
import type { JsonObject, RuleSettings } from '../../progression/index.js';
import type { AgentEntryDto } from '../../agent-metrics/index.js';
import { parseAgentEntry } from './agent-entry.js';
import { findIdOwners, describeIdProblem, findImported, type Candidate, DUPLICATE_AGENT } from './destination.js';
import { type ImportReport, toErrors } from './import-report.js';
import { toImportedAgent } from './imported-agent.js';
import type { Importer } from './importer.js';
import type { Entry } from './items.js';

/** Number of entries, and of their characters, that are written together. */
const ENTRIES_AT_ONCE = 200;
const LENGTH_AT_ONCE = 4 * 1024 * 1024;

interface Arrival {
  place: string;
  entry: AgentEntryDto;
  original: JsonObject;
}

/** Dependencies of the import of agents. */
export interface AgentImportTools {
  executor: CommandExecutor;
  locker: AgentLocker;
  rules: RuleSettings;
  now: Date;
}

/** Records an `imported` event for each entry, on new and existing agents. */
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
    const parsed = parseAgentEntry(found);
    if ('errors' in parsed) {
      const name = found.agentType ?? value['agent_type'];
      this.report.isInvalid(place, typeof name === 'string' ? name : null, parsed.errors);
      return;
    }
    const { entry } = parsed;
    if (this.arrivals.has(entry.agent_type)) {
      this.report.isInvalid(place, entry.agent_type, toErrors(DUPLICATE_AGENT));
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
    const { executor, locker, rules, now } = this.tools;
    const known = await locker.lockStates(this.manager, [...arrivals.keys()]);
    const candidates = [...arrivals.values()].map((arrival) => {
      const agentType = arrival.entry.agent_type;
      const context = { agentType, now, rules, newId: uuidv7 };
      return { ...arrival, agentType, agent: toImportedAgent(arrival.entry, known.get(agentType) ?? null, context) };
    });
    const refusals = await this.refusals(candidates.map(({ agentType, agent }) => ({ agentType, id: agent.id })));
    const admitted = candidates.filter(({ place, agentType }) => {
      const problem = refusals.get(agentType);
      if (problem !== undefined) this.report.isInvalid(place, agentType, toErrors(problem));
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

  private async refusals(newcandidates: readonly Candidate[]): Promise<Map<string, string>> {
    const refusals = new Map<string, string>();
    const owners = await findIdOwners(this.manager, newcandidates);
    for (const { agentType, id } of newcandidates) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== agentType) refusals.set(agentType, describeIdProblem(id, owner));
    }
    const agentTypes = newcandidates.map(({ agentType }) => agentType);
    for (const agentType of await findImported(this.manager, agentTypes)) refusals.set(agentType, DUPLICATE_AGENT);
    return refusals;
  }

  private note(place: string, agentType: string, error: Error | null | undefined): void {
    if (error === null) {
      this.report.agents += 1;
      this.report.events += 1;
    } else if (error instanceof DomainError && error.code === 'agent_renamed') {
      this.report.isInvalid(place, agentType, toErrors('is an earlier name of another agent'));
    } else if (error instanceof DomainError && error.options.errors) {
      this.report.isInvalid(place, agentType, error.options.errors);
    } else {
      throw error ?? new Error('the unit of work has no outcome');
    }
  }
}
