import { type AgentState, RULES_VERSION, snapshot } from './agent-state.js';
import { defaultAgentId, isAgentTypeForNew } from './agent-type.js';
import { createEvent, type DecisionContext, isAdversarialPassed, nextEvent } from './create-event.js';
import {
  type AdversarialTestResult,
  type Command,
  type CustodyTestResult,
  holds,
  type ImportData,
  type Precondition,
} from './commands.js';
import { isCheckpoint, toCheckpoint } from './checkpoint.js';
import type { AgentEvent, DecidedEvent, EventResult } from './events.js';
import { contradictions } from './contradictions.js';
import { isPassed, toOutcome } from './outcome.js';
import { discardedEdit } from './edit.js';
import { evolve } from './evolve.js';
import { disagreements } from './fixed-columns.js';
import { toImportPayload } from './import.js';
import { violations } from './invariants.js';
import { COUNT, DURATION, type FieldError, findOutOfRange, type Range, SCORE } from './ranges.js';
import { tooLong } from './sizes.js';
import { isVoidable } from './voiding.js';

/** Maximum time by which a result's timestamp may be ahead of the service's clock, in milliseconds. */
export const FUTURE_TOLERANCE_MS = 5 * 60_000;

export type Rejection =
  | { code: 'agent_not_found' }
  | { code: 'agent_type_invalid' }
  | { code: 'event_not_found'; version: number }
  | { code: 'precondition_failed'; version: number | null }
  | { code: 'rule_violated'; errors: FieldError[] };

export type Decision = { rejected: Rejection } | { rejected: null; events: DecidedEvent[]; state: AgentState };

/**
 * Decides a command: returns its events and the new state, or the reason for rejection. Pure function.
 *
 * @param state null if the agent does not exist
 */
export function decide(
  state: AgentState | null,
  command: Command,
  context: DecisionContext,
  precondition: Precondition = {},
): Decision {
  if (!state && mustExist(command)) return { rejected: { code: 'agent_not_found' } };
  // Imported agents keep their name.
  if (!state && command.type !== 'import' && !isAgentTypeForNew(context.agentType))
    return { rejected: { code: 'agent_type_invalid' } };
  const version = state?.version ?? null;
  if (!holds(precondition, version)) return { rejected: { code: 'precondition_failed', version } };
  if (command.type === 'void' && !context.voiding?.event) {
    return { rejected: { code: 'event_not_found', version: command.data.version } };
  }
  const faults = [
    ...outOfRange(command, context),
    ...unvoidable(command, context),
    ...misjudged(command, context),
    ...disagreeing(command, state, context),
    ...tooLong(command, state, context.rules.sizes),
    ...takenAgentId(command, context),
  ];
  if (faults.length > 0) return { rejected: { code: 'rule_violated', errors: faults } };

  const events: DecidedEvent[] = [];
  const record = (from: AgentState | null, event: AgentEvent) => {
    const next = evolve(from, event);
    events.push({ ...event, result: { ...checkpoint(next, context), created: !state, metrics: snapshot(next) } });
    return next;
  };

  const known = recordManualEdit(state, context, record);
  let next: AgentState;
  if (command.type === 'import') {
    next = record(known, imported(known, command.data, context));
  } else {
    const existing = known ?? record(null, created(context));
    const event = createEvent(command, existing, context);
    next = event ? record(existing, event) : existing;
    if (command.type === 'void' && command.data.replacement) {
      const replacement = createEvent(command.data.replacement, next, context);
      if (replacement) next = record(next, replacement);
    }
  }

  const errors = violations(next);
  if (command.type === 'update') {
    const blamed = errors.map(({ field }) => field);
    errors.push(...contradictions(state, next, command.data).filter(({ field }) => !blamed.includes(field)));
  }
  return errors.length > 0 ? { rejected: { code: 'rule_violated', errors } } : { rejected: null, events, state: next };
}

/** The state at a checkpoint, unless it is not known as a whole. */
function checkpoint(state: AgentState, { isWhole = true }: DecisionContext): Pick<EventResult, 'checkpoint'> {
  return isWhole && isCheckpoint(state.version) ? { checkpoint: toCheckpoint(state, RULES_VERSION) } : {};
}

/** Records manual modifications of the row first: an inserted row is imported; a modification is discarded. */
function recordManualEdit(
  state: AgentState | null,
  context: DecisionContext,
  record: (from: AgentState | null, event: AgentEvent) => AgentState,
): AgentState | null {
  if (state?.version === 0) return record(null, imported(null, { agent: state, original: [] }, context));
  if (!state || !context.edited) return state;
  return record(state, nextEvent(state, context, 'edit_discarded', discardedEdit(state, context.edited)));
}

function created(context: DecisionContext): AgentEvent {
  const { agentType, newId } = context;
  return nextEvent(null, context, 'created', { id: newId(), agent_id: defaultAgentId(agentType) });
}

function imported(state: AgentState | null, { agent, original }: ImportData, context: DecisionContext): AgentEvent {
  return nextEvent(state, context, 'imported', toImportPayload(agent, original));
}

function mustExist(command: Command): boolean {
  return (
    command.type === 'custody_xp' ||
    command.type === 'void' ||
    command.type === 'reset' ||
    command.type === 'custody_reset' ||
    command.type === 'rename' ||
    command.type === 'merge' ||
    command.type === 'merge_into' ||
    (command.type === 'update' && command.mustExist === true)
  );
}

/** Finds the reasons why the event cannot be voided. */
function unvoidable(command: Command, context: DecisionContext): FieldError[] {
  if (command.type !== 'void' || !context.voiding?.event) return [];
  const { event, voidedBy, without } = context.voiding;
  const { replacement } = command.data;
  const refuse = (detail: string): FieldError[] => [{ field: 'version', detail }];
  if (!isVoidable(event.type)) {
    return refuse(
      `must be a test, learning, custody XP or an update; event ${event.version} is ${event.type}, which cannot be voided`,
    );
  }
  if (voidedBy !== null)
    return refuse(`must not be voided twice; event ${event.version} was voided by event ${voidedBy}`);
  const broken = without ? violations(without) : [];
  if (broken.length > 0) {
    const [{ field, detail } = { field: '', detail: '' }] = broken;
    return refuse(`cannot be voided, because a later update depends on it: without it, ${field} ${detail}`);
  }
  if (!replacement) return [];
  if (replacement.type !== event.type) {
    return [{ field: 'replacement', detail: `must not be given: event ${event.version} is ${event.type}` }];
  }
  return [...outOfRange(replacement, context), ...misjudged(replacement, context)].map(({ field, detail }) => ({
    field: `replacement.${field}`,
    detail,
  }));
}

/** Finds fixed columns of an update that differ from the agent's. */
function disagreeing(command: Command, state: AgentState | null, context: DecisionContext): FieldError[] {
  if (command.type !== 'update') return [];
  const { agentType, head = null } = context;
  return disagreements({ agent_type: agentType, ...state, ledger_hash: head?.toString('hex') ?? null }, command.data);
}

/** A judged test needs a score, and an outcome that agrees with `passed` or with the score. */
function misjudged(command: Command, { rules }: DecisionContext): FieldError[] {
  if (command.type !== 'custody_test' && command.type !== 'adversarial_test') return [];
  const { outcome, score } = command.data;
  const isAdversarial = command.type === 'adversarial_test';
  const passed = isAdversarial ? isAdversarialPassed(command.data, rules) : isPassed(command.data);
  const errors: FieldError[] = [];
  if (passed === null && outcome !== 'errored') errors.push({ field: 'passed', detail: 'is missing' });
  if (outcome !== 'errored' && (score ?? null) === null) errors.push({ field: 'score', detail: 'is missing' });
  if (isAdversarial && outcome !== undefined && toOutcome(passed) !== outcome && errors.length === 0) {
    const detail = `must agree with the score: ${score} is ${toOutcome(passed)} with a pass mark of ${rules.passMark}`;
    errors.push({ field: 'outcome', detail });
  }
  return errors;
}

/** An agent_id must be unique. */
function takenAgentId(command: Command, { takenAgentIds }: DecisionContext): FieldError[] {
  const agentId = command.type === 'update' ? command.data.agent_id : undefined;
  if (agentId === undefined || takenAgentIds?.has(agentId) !== true) return [];
  return [{ field: 'agent_id', detail: `must be the agent's own, and ${JSON.stringify(agentId)} is another agent's` }];
}

/** Checks the ranges of the command's values. The resulting state is checked by the invariants. */
function outOfRange(command: Command, { now, rules }: DecisionContext): FieldError[] {
  const xp = { ...COUNT, most: rules.maxXpAwarded };
  switch (command.type) {
    case 'custody_test':
      return [
        ...testOutOfRange(command.data, now, xp),
        ...findOutOfRange({ duration: command.data.duration ?? undefined }, ['duration'], DURATION),
      ];
    case 'adversarial_test':
      return testOutOfRange(command.data, now, xp);
    case 'learning':
      return [
        ...findOutOfRange(command.data, ['learning_cycles'], COUNT),
        ...findOutOfRange(command.data, ['xp_awarded'], xp),
      ];
    default:
      return [];
  }
}

function testOutOfRange(data: CustodyTestResult | AdversarialTestResult, now: Date, xp: Range): FieldError[] {
  return [
    ...findOutOfRange({ score: data.score ?? undefined }, ['score'], SCORE),
    ...findOutOfRange(data, ['xp_awarded'], xp),
    ...tooFarAhead(data.timestamp, now),
  ];
}

function tooFarAhead(timestamp: Date | undefined, now: Date): FieldError[] {
  if (!timestamp || timestamp.getTime() <= now.getTime() + FUTURE_TOLERANCE_MS) return [];
  return [
    {
      field: 'timestamp',
      detail: `must not be more than ${FUTURE_TOLERANCE_MS / 60_000} minutes ahead of the service's clock, which says ${now.toISOString()}`,
    },
  ];
}
