import { Injectable } from '@nestjs/common';
import type { AgentAccess } from '../../common/index.js';
import { CustodyService, type LapsingRequest } from '../../custody/index.js';
import type { AgentStates } from './agent-states.js';
import { buildLapseMessages, type MessageRules } from './build-messages.js';
import type { WebhookMessage } from './message-types.js';

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

  /** @param known agents that are left out, by the hash of their newest event */
  async find(
    { from, to, after }: Pick<LapsingRequest, 'from' | 'to' | 'after'>,
    rules: MessageRules,
    access: AgentAccess,
    states: AgentStates,
    known: ReadonlyMap<string, unknown>,
  ): Promise<LapsePage> {
    const startedAt = performance.now();
    const found = await this.custody.findLapsing({ from, to, after, limit: PAGE_AGENTS }, access);
    const queryMs = performance.now() - startedAt;
    const since = rules.since > from ? rules.since : from;
    const messages: WebhookMessage[] = [];
    const agents: LapsePage['agents'] = [];
    for (const { agent_type, version, ledger_hash: hash, end } of found) {
      if (hash === null || known.has(hash)) continue;
      agents.push({ hash, end });
      const state = await states.find(agent_type, version);
      if (state) messages.push(...tryBuild(() => buildLapseMessages(state, hash, { ...rules, since }, to)));
    }
    return { messages, agents, next: found.length < PAGE_AGENTS ? null : (found.at(-1) ?? null), queryMs };
  }
}

/** A state that was changed outside the service may not be judgeable. */
function tryBuild(build: () => WebhookMessage[]): WebhookMessage[] {
  try {
    return build();
  } catch {
    return [];
  }
}
