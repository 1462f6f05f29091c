import { Injectable } from '@nestjs/common';
import { PastAgents } from '../../agent-metrics/index.js';
import type { AgentAccess } from '../../common/index.js';
import { CustodyService } from '../../custody/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import { buildLapseMessages, type MessageRules } from './build-messages.js';
import type { WebhookMessage } from './message-types.js';

/** Messages of time limits that ended. */
export interface FoundLapses {
  messages: WebhookMessage[];
  /** All time limits that ended until then have been found. */
  checkedUntil: Date;
}

/** Finds the gates that close because a time limit ends, with nothing recorded. */
@Injectable()
export class Lapses {
  constructor(
    private readonly custody: CustodyService,
    private readonly past: PastAgents,
    private readonly transactions: TransactionRunner,
  ) {}

  /** @param from exclusive @param upTo inclusive */
  async find(from: Date, upTo: Date, rules: MessageRules, access: AgentAccess): Promise<FoundLapses> {
    const agents = await this.custody.findLapsing(from, upTo, access);
    const versions = new Map(agents.map(({ agent_type, version }) => [agent_type, version]));
    const states = await this.transactions.read((session) => this.past.list(session, versions));
    const since = rules.since > from ? rules.since : from;
    const messages = agents.flatMap(({ agent_type, ledger_hash }) => {
      const state = states.get(agent_type);
      if (!state) return [];
      return buildLapseMessages({ ...state, agent_type }, ledger_hash, { ...rules, since }, upTo);
    });
    const last = agents.at(-1);
    return { messages, checkedUntil: agents.length >= AGENTS_MAX && last ? last.end : upTo };
  }
}

/** Maximum number of agents, without ties, of `findLapsing`. */
const AGENTS_MAX = 1_000;
