import type { RequestRemarks } from '../../http/exchange/index.js';
import type { LevelUps, RecordedChange } from './agent-command.js';

/** Log facts of a write: the new metrics of a single agent, or the number of agents. */
export function remarksOn(changes: readonly RecordedChange[]): RequestRemarks {
  const [first, ...others] = changes;
  return {
    result: changes.some(({ replayed }) => replayed) ? 'replayed' : 'recorded',
    ...(first && others.length === 0 ? pickNumbers(first) : { agents: changes.length }),
    level_ups: levelUps(changes, 'level'),
    custody_level_ups: levelUps(changes, 'custody_level'),
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

/** Sum of level-ups; undefined (omitted in the log) if there are none. */
function levelUps(changes: readonly RecordedChange[], which: keyof LevelUps): number | undefined {
  return changes.reduce((sum, { level_ups }) => sum + level_ups[which], 0) || undefined;
}
