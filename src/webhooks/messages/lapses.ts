import { Injectable } from '@nestjs/common';
import type { AgentAccess } from '../../common/index.js';
import { CustodyService, type LapsingRequest } from '../../custody/index.js';
import type { AgentStates } from './agent-states.js';
import { buildLapseMessages, createLapseId, type MessageRules } from './build-messages.js';
import type { WebhookMessage } from './message.js';

/** Number of agents on a page. */
const PAGE_AGENTS = 100;

/** A page of the time limits that ended in an interval. */
export interface LapsePage {
  messages: WebhookMessage[];
  /** The agents that were judged: hashes of their newest events, and the ends. */
  agents: { hash: string; end: Date }[];
  /** Last agent of the page; null: there are no further ones. */
  next: LapsingRequest['after'];
  /** Duration of the query, in milliseconds. */
  queryMs: number;
}

/** Finds the gates that close because a time limit ends, with nothing recorded. */
@Injectable()
export class Lapses {
  constructor(private readonly custody: CustodyService) {}

  /**
   * @param known agents that are left out, by the hash of their newest event
   * @param findDelivered finds those of these ids whose messages were delivered, whose agents are left out as well
   */
  async find(
    { from, to, after }: Pick<LapsingRequest, 'from' | 'to' | 'after'>,
    rules: MessageRules,
    access: AgentAccess,
    states: AgentStates,
    known: ReadonlyMap<string, unknown>,
    findDelivered: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<LapsePage> {
    const startedAt = performance.now();
    const found = await this.custody.findLapsing({ from, to, after, limit: PAGE_AGENTS }, access);
    const queryMs = performance.now() - startedAt;
    const since = rules.since > from ? rules.since : from;
    const messages: WebhookMessage[] = [];
    const agents: LapsePage['agents'] = [];
    const candidates = found.flatMap(({ ledger_hash: hash, ...agent }) =>
      hash === null || known.has(hash) ? [] : [{ ...agent, hash, id: getId(hash, agent.end) }],
    );
    const delivered = await findDelivered(candidates.map(({ id }) => id));
    for (const { agent_type, version, hash, end, id } of candidates) {
      agents.push({ hash, end });
      if (delivered.has(id)) continue;
      const state = await states.find(agent_type, version);
      if (state) messages.push(...tryBuild(() => buildLapseMessages(state, hash, { ...rules, since }, to)));
    }
    return { messages, agents, next: found.length < PAGE_AGENTS ? null : (found.at(-1) ?? null), queryMs };
  }
}

/** Id of the message, if there is one: the only time limit is that of the proposal gate, and includes its end. */
function getId(hash: string, end: Date): string {
  return createLapseId(hash, 'propose', new Date(end.getTime() + 1));
}

/** A state that was changed outside the service may not be judgeable. */
function tryBuild(build: () => WebhookMessage[]): WebhookMessage[] {
  try {
    return build();
  } catch {
    return [];
  }
}
