import type { TestDatabase } from './test-database.js';

/** The rollups, with their slots added up, and without rows that came to nothing. */
export async function rollupsOf(database: TestDatabase): Promise<unknown> {
  const by = async (table: string, keys: string, sums: string[], count: string) =>
    database.query(
      `SELECT ${keys}, ${sums.map((sum) => `trim_scale(sum(${sum})) AS ${sum}`).join(', ')}
         FROM ${table} GROUP BY ${keys} HAVING sum(${count}) <> 0 ORDER BY ${keys}`,
    );
  const outcomes = ['tests', 'passed', 'score', 'timed', 'duration'];
  const numbers = ['learning_score', 'learning_cycles', 'xp', 'level', 'custody_xp', 'custody_level'];
  const counters = ['agents', 'active_agents', 'tests_passed', 'tests_failed', 'adversarial_wins'];
  return {
    byHour: await by('test_rollups_by_hour', 'agent_type, hour', outcomes, 'tests'),
    byKind: await by('test_rollups_by_kind', 'agent_type, category, difficulty', outcomes, 'tests'),
    agents: await by('agent_rollups', 'current_difficulty', [...counters, ...numbers], 'agents'),
  };
}
