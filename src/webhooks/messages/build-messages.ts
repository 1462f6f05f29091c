import { createHash } from 'node:crypto';
import type { FeedEvent } from '../../feed/index.js';
import type { AgentState } from '../../progression/index.js';
import { compareEligibility, type EligibilityChange, findLapses, type Judge } from './eligibility-changes.js';
import type { WebhookMessage } from './message.js';
import type { MessageType } from '../store/index.js';
import { findScoreDrop, type ScoreDropRule } from './score-drop.js';

/** Messages that an endpoint receives. */
export interface MessageRules {
  types: ReadonlySet<MessageType>;
  score: ScoreDropRule;
  judge: Judge;
  /** Time limits that ended until then are not reported. */
  since: Date;
}

/** States of the agent before and after an event. */
export interface Step {
  /** Null: the event created the agent. */
  before: AgentState | null;
  after: AgentState;
}

/** Types of events that record a test. */
export const TEST_EVENTS = ['custody_test', 'adversarial_test'] as const;
const isTest = ({ type }: FeedEvent): boolean => TEST_EVENTS.some((test) => test === type);
/** The payload can have been changed outside the service. */
const isFailedTest = (event: FeedEvent): boolean =>
  isTest(event) && (event.payload as { passed?: unknown } | null)?.passed === false;

/** Whether states are needed to build the messages of these types. */
export function needsStates(types: ReadonlySet<MessageType>): boolean {
  return types.has('agent.level_up') || types.has('eligibility.changed') || types.has('score.dropped');
}

/**
 * Builds the messages of an event for an endpoint. The same event always has the same messages with the same ids.
 *
 * @param step null: the states are not needed, or unknown because the ledger was changed outside the service
 */
export function buildMessages(event: FeedEvent, step: Step | null, rules: MessageRules): WebhookMessage[] {
  const { types } = rules;
  const messages: WebhookMessage[] = [];
  const add = (type: MessageType, data: object, detail = '') => {
    if (types.has(type)) messages.push(createMessage(event, type, data, detail));
  };
  if (step?.before && types.has('eligibility.changed')) {
    messages.push(...buildLapseMessages(step.before, event.prev_hash, rules, event.recorded_at));
  }
  add('event.recorded', event);
  if (isFailedTest(event)) add('test.failed', event);
  if (step) addComparisons(event, step, rules, add);
  return messages;
}

function addComparisons(
  event: FeedEvent,
  { before, after }: Step,
  { types, score, judge }: MessageRules,
  add: (type: MessageType, data: object, detail?: string) => void,
): void {
  const place = { agent_type: event.agent_type, version: event.version, position: event.position };
  const previous_level = before?.level ?? 1;
  if (after.level > previous_level) {
    add('agent.level_up', { ...place, level: after.level, previous_level, xp: after.xp });
  }
  if (types.has('eligibility.changed')) {
    const at = event.recorded_at;
    for (const change of compareEligibility(before && judge(before, at), judge(after, at))) {
      add('eligibility.changed', { ...place, cause: 'event', ...change }, change.gate);
    }
  }
  if (types.has('score.dropped') && isTest(event)) {
    const drop = findScoreDrop(after, score);
    if (drop && !(before && findScoreDrop(before, score))) {
      add('score.dropped', { ...place, tests: score.tests, ...drop });
    }
  }
}

/**
 * Builds the messages of the time limits of a state that ended after it was recorded.
 *
 * @param hash hash of the last event of the state
 * @param upTo time up to which they are reported
 */
export function buildLapseMessages(
  state: AgentState,
  hash: string,
  { judge, since }: Pick<MessageRules, 'judge' | 'since'>,
  upTo: Date,
): WebhookMessage[] {
  const after = state.updated_at > since ? state.updated_at : since;
  return findLapses(state, judge, after, upTo).map(({ at, ...change }) => {
    const { agent_type, version } = state;
    const data = { agent_type, version, position: null, cause: 'time_limit', ...(change satisfies EligibilityChange) };
    const id = createLapseId(hash, change.gate, at);
    return { id, type: 'eligibility.changed', timestamp: at, agent_type, version, position: null, data };
  });
}

function createMessage(event: FeedEvent, type: MessageType, data: object, detail: string): WebhookMessage {
  const { agent_type, version, position, recorded_at: timestamp } = event;
  return { id: createMessageId(event.hash, type, detail), type, timestamp, agent_type, version, position, data };
}

/** @param hash hash of the last event before @param at the first moment at which the gate was closed */
export function createLapseId(hash: string, gate: EligibilityChange['gate'], at: Date): string {
  return createMessageId(hash, 'eligibility.changed', `${gate} ${at.toISOString()}`);
}

/** The hash of an event is unique. Instances that build the same message give it the same id. */
function createMessageId(hash: string, type: MessageType, detail: string): string {
  const digest = createHash('sha256').update(`${hash} ${type} ${detail}`).digest('hex');
  return `msg_${digest.slice(0, 32)}`;
}
