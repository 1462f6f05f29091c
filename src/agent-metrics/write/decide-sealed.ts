import { v7 as uuidv7 } from 'uuid';
import { type Provenance, seal, type SealedEvent } from '../../ledger/index.js';
import {
  type AgentState,
  type Command,
  decide,
  type DecisionContext,
  type Precondition,
  type Rejection,
} from '../../progression/index.js';
import type { WorkingAgent } from './working-agent.js';

/** The decided command of an agent: its state and its events, hashed. */
export type SealedDecision =
  { rejected: Rejection } | { rejected: null; state: AgentState; sealed: SealedEvent[]; agent: WorkingAgent };

type Surroundings = Pick<DecisionContext, 'now' | 'rules' | 'takenAgentIds' | 'voiding'>;

/** Decides a command of a locked agent, and chains the events to those of the agent. */
export function decideSealed(
  agentType: string,
  agent: WorkingAgent,
  command: Command,
  precondition: Precondition | undefined,
  provenance: Provenance,
  surroundings: Surroundings,
): SealedDecision {
  const context = {
    ...surroundings,
    agentType,
    head: agent.head,
    newId: uuidv7,
    edited: agent.edited,
    isWhole: agent.isWhole,
  };
  const decision = decide(agent.state, command, context, precondition);
  if (decision.rejected) return decision;
  const sealed = seal(decision.events, provenance, agent.head);
  return { rejected: null, state: decision.state, sealed, agent: agent.after(decision.state, sealed) };
}
