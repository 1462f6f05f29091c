import { type DomainError } from '../../common/index.js';
import type { RequestEvent } from '../../ledger/index.js';
import { toRecordedChange, type RecordedChange, type UnitOfWork } from './agent-command.js';
import { idempotencyKeyReused } from './errors.js';

/** Recorded requests with an idempotency key, by agent and key. */
export class RecordedRequests {
  private readonly events = new Map<string, RequestEvent>();

  add(events: readonly RequestEvent[]): void {
    for (const event of events) {
      if (event.idempotency_key !== null) this.events.set(toKey(event.agent_type, event.idempotency_key), event);
    }
  }

  /** Finds the changes of a repeated request; an error if the key belongs to another request; null if it is new. */
  find({ commands, request }: UnitOfWork): RecordedChange[] | DomainError | null {
    if (!request) return null;
    const events = commands.map(({ agentType }) => this.events.get(toKey(agentType, request.key)));
    if (events.every((event) => event === undefined)) return null;
    const same = events.filter((event): event is RequestEvent => event?.request_hash?.equals(request.hash) === true);
    return same.length === commands.length
      ? same.map((event) => toRecordedChange(event, true))
      : idempotencyKeyReused();
  }
}

/** U+0000 is a safe separator: neither part can contain it. */
function toKey(agentType: string, key: string): string {
  return `${agentType}\u0000${key}`;
}
