import type { DomainError } from '../../common/index.js';
import type { RequestEvent } from '../../ledger/index.js';
import type { AgentSnapshot, AgentState, Command, EventResult, Precondition } from '../../progression/index.js';
import { describeReuse } from './describe-reuse.js';
import { idempotencyKeyReused } from './errors.js';
import type { PartialFold } from './voiding-reader.js';
import type { RequestIdentity } from './write-options.js';

/** A command to one agent, with its precondition. */
export interface AgentCommand {
  agentType: string;
  command: Command;
  precondition?: Precondition | undefined;
  /** Prefix of field names in errors, if the command is part of a larger request. */
  path?: string;
  /** Agent without the event that the command voids. */
  prepared?: PartialFold;
  /** Idempotency identity of the command alone. A recorded command is skipped. Default: that of the unit. */
  request?: RequestIdentity;
}

/** Commands that are committed together or not at all. */
export interface UnitOfWork {
  commands: readonly AgentCommand[];
  /** Idempotency identity; null if the request has no key. */
  request: RequestIdentity | null;
  /** Actor; null if unknown. */
  actor: string | null;
}

/** A recorded change. */
export interface RecordedChange {
  agent_type: string;
  /** Version of the agent after the change. */
  version: number;
  /** Whether the change created the agent. */
  created: boolean;
  /** Whether an earlier request with the same key recorded the change. */
  replayed: boolean;
  /** Snapshot of the agent after the change. */
  metrics: AgentSnapshot;
  /** Number of levels gained; 0 if replayed. */
  level_ups: LevelUps;
}

/** Number of levels gained. */
export type LevelUps = Pick<AgentState, 'level' | 'custody_level'>;
export const NO_LEVEL_UPS: LevelUps = { level: 0, custody_level: 0 };

/** Converts an event to a recorded change. */
export function toRecordedChange(
  event: { agent_type: string; version: number; result: EventResult },
  replayed: boolean,
  level_ups = NO_LEVEL_UPS,
): RecordedChange {
  const { agent_type, version, result } = event;
  return { agent_type, version, created: result.created, replayed, metrics: result.metrics, level_ups };
}

/** Number of levels gained between two states. `before` is null if the agent did not exist. */
export function findLevelUps(before: AgentState | null, after: AgentState): LevelUps {
  const { level, custody_level } = before ?? { level: 1, custody_level: 1 };
  return {
    level: Math.max(0, after.level - level),
    custody_level: Math.max(0, after.custody_level - custody_level),
  };
}

/** Picks the metrics for the log. The names avoid a collision with the log line's `level`. */
export function pickNumbers({ agent_type, version, metrics }: RecordedChange): Record<string, string | number> {
  const { xp, level, custody_xp, custody_level } = metrics;
  return {
    agent_type,
    version,
    new_xp: xp,
    new_level: level,
    new_custody_xp: custody_xp,
    new_custody_level: custody_level,
  };
}

/** Recorded requests with an idempotency key, by agent and key. */
export class RecordedRequests {
  private readonly events = new Map<string, RequestEvent>();

  add(events: readonly RequestEvent[]): void {
    for (const event of events) {
      if (event.idempotency_key !== null) this.events.set(toKey(event.agent_type, event.idempotency_key), event);
    }
  }

  /** Finds the changes of a repeated unit; an error if its key belongs to another request; null if it is new. */
  findAll({ commands, request }: UnitOfWork): RecordedChange[] | DomainError | null {
    if (!request) return null;
    const events = commands.map(({ agentType }) => this.events.get(toKey(agentType, request.key)));
    const found = events.filter((event): event is RequestEvent => event !== undefined);
    if (found.length === 0) return null;
    const same = found.filter(isOf(request, found));
    return same.length === commands.length
      ? same.map((event) => toRecordedChange(event, true))
      : idempotencyKeyReused();
  }

  /** Like findAll, for a command with an identity of its own. */
  find({ agentType, request, command }: AgentCommand): RecordedChange | DomainError | null {
    const event = request && this.events.get(toKey(agentType, request.key));
    if (!event) return null;
    if (isOf(request, [event])(event)) return toRecordedChange(event, true);
    return idempotencyKeyReused(describeReuse(command, event.payload));
  }
}

/** Whether events are those of a request. The agents may have had other names when it was recorded. */
function isOf(request: RequestIdentity, events: readonly RequestEvent[]): (event: RequestEvent) => boolean {
  const names = new Map(
    events.flatMap(({ agent_type, recorded_as }) => (recorded_as ? [[agent_type, recorded_as]] : [])),
  );
  const earlier = names.size > 0 ? request.hashAs?.(names) : undefined;
  return ({ request_hash }) =>
    request_hash !== null && (request_hash.equals(request.hash) || (earlier?.equals(request_hash) ?? false));
}

/** U+0000 is a safe separator: neither part can contain it. */
function toKey(agentType: string, key: string): string {
  return `${agentType}\u0000${key}`;
}
