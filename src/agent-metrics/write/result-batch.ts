import { type AgentAccess, agentForbidden, DomainError, internalError, validationFailed } from '../../common/index.js';
import { type ParsedItem, parseItem } from '../requests/test-result-item.dto.js';
import type { Outcome } from './decided-round.js';
import { idempotencyKeyReused } from './errors.js';
import type { AgentCommand, RecordedChange, UnitOfWork } from './unit-of-work.js';
import { toRequestIdentity } from './write-options.js';

/** Maximum number of results in a batch. */
export const BATCH_MAX = 1_000;

/** Position and identity of an item. `id` and `agent_type` are null if the item does not have them. */
export interface ItemHead {
  /** 0, 1, 2, … */
  index: number;
  id: string | null;
  agent_type: string | null;
}

/** Outcome of an item. */
export type ItemOutcome =
  | (ItemHead & {
      /** `replayed`: a result with the same id was recorded earlier. */
      status: 'recorded' | 'replayed';
      change: RecordedChange;
    })
  | (ItemHead & { status: 'refused'; error: DomainError });

/** @throws DomainError `validation_failed` */
export function assertBatchSize(items: readonly unknown[]): void {
  if (items.length === 0 || items.length > BATCH_MAX) {
    const detail = `must be a list of 1 to ${BATCH_MAX.toLocaleString('en')} results, but has ${items.length}`;
    throw validationFailed([{ field: 'results', detail }]);
  }
}

/** An item, parsed or refused. */
export type Parsed = ParsedItem | DomainError;

/** Parses each item. */
export function parseItems(items: readonly unknown[], access: AgentAccess): Parsed[] {
  return items.map((item) => {
    try {
      const parsed = parseItem(item);
      access.assertMayAccess(parsed.agentType);
      return parsed;
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  });
}

/**
 * Parses the items of an atomic batch.
 *
 * @throws DomainError `validation_failed` with every invalid field of every item: `3.score` is the score of the fourth;
 *   `agent_forbidden`
 */
export function parseAllItems(items: readonly unknown[], access: AgentAccess): ParsedItem[] {
  const parsed: ParsedItem[] = [];
  const errors: DomainError[] = [];
  for (const [index, item] of items.entries()) {
    try {
      parsed.push(parseItem(item, `${index}.`));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'validation_failed') throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw validationFailed(errors.flatMap(({ options }) => options.errors ?? []));
  for (const { agentType } of parsed) access.assertMayAccess(agentType);
  return parsed;
}

/** A unit of work for each item: items are recorded or refused independently. */
export function toUnits(items: readonly ParsedItem[], actor: string | null): UnitOfWork[] {
  return items.map((item) => ({ commands: [toCommand(item)], request: null, actor }));
}

/**
 * One unit of work for all items.
 *
 * @throws DomainError `idempotency_key_reused` if two items of an agent have the same id, but are not equal
 */
export function toAtomicUnit(items: readonly ParsedItem[], actor: string | null): UnitOfWork {
  const hashes = new Map<string, Buffer>();
  const commands = items.map((item, index) => {
    const command = { ...toCommand(item), path: `${index}.` };
    const key = JSON.stringify([item.agentType, item.id]);
    const earlier = hashes.get(key);
    if (earlier && !earlier.equals(command.request.hash)) throw idempotencyKeyReused();
    hashes.set(key, command.request.hash);
    return command;
  });
  return { commands, request: null, actor };
}

function toCommand({ id, agentType, command }: ParsedItem): AgentCommand & Required<Pick<AgentCommand, 'request'>> {
  return { agentType, command, request: toRequestIdentity(id, [{ agentType, command }]) };
}

/** Combines items with the outcomes of their units, in order. */
export function toOutcomes(
  items: readonly unknown[],
  parsed: readonly Parsed[],
  outcomes: readonly Outcome[],
  access: AgentAccess,
): ItemOutcome[] {
  const rest = outcomes.values();
  return parsed.map((item, index): ItemOutcome => {
    if (item instanceof DomainError) return { ...readHead(items[index], index), status: 'refused', error: item };
    const head = { index, id: item.id, agent_type: item.agentType };
    const { value: outcome } = rest.next();
    if (!outcome) throw new Error('an item without an outcome');
    if (outcome.error === null) {
      const [change] = outcome.changes;
      if (!change) throw new Error('a command without its change');
      return { ...head, status: change.replayed ? 'replayed' : 'recorded', change };
    }
    return { ...head, status: 'refused', error: toDomainError(outcome.error, access) };
  });
}

function toDomainError(error: Error, access: AgentAccess): DomainError {
  const isHidden = error instanceof DomainError && error.code === 'agent_renamed';
  if (isHidden && !access.mayAccess(error.options.extensions?.['agent_type'] as string)) return agentForbidden();
  return error instanceof DomainError ? error : internalError(error);
}

/** Reads what an invalid item says about itself. */
function readHead(item: unknown, index: number): ItemHead {
  const { id, agent_type } = (item ?? {}) as { id?: unknown; agent_type?: unknown };
  const text = (value: unknown) => (typeof value === 'string' && value.length <= 255 ? value.toWellFormed() : null);
  return { index, id: text(id), agent_type: text(agent_type) };
}
