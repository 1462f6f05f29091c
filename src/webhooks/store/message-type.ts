/**
 * Type of a webhook message.
 *
 * - `event.recorded`: any event was recorded.
 * - `test.failed`: a test was failed.
 * - `agent.level_up`: the level of an agent increased.
 * - `eligibility.changed`: a gate opened or closed, by an event or because a time limit ended.
 * - `score.dropped`: the pass rate of the newest tests is lower than that of the tests before them.
 */
export type MessageType = 'event.recorded' | 'test.failed' | 'agent.level_up' | 'eligibility.changed' | 'score.dropped';
/** Types of webhook messages. */
export const MESSAGE_TYPES = [
  'event.recorded',
  'test.failed',
  'agent.level_up',
  'eligibility.changed',
  'score.dropped',
] as const satisfies MessageType[];
