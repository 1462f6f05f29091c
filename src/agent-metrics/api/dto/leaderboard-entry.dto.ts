import { ApiProperty } from '@nestjs/swagger';
import type { Earned } from '../../../rollups/index.js';

/** Amounts that an agent earned in a period, from results that are not voided. */
export class EarnedDto implements Earned {
  /**
   * General XP, from adversarial tests and learning.
   * @example 40
   */
  xp!: number;
  /**
   * Custody XP, from custody tests and added custody XP. Negative if more was subtracted.
   * @example 125
   */
  custody_xp!: number;
  /**
   * Tests passed or failed.
   * @example 2
   */
  @ApiProperty({ type: 'integer' })
  tests!: number;
  /**
   * Tests passed.
   * @example 2
   */
  @ApiProperty({ type: 'integer' })
  passed!: number;
}

/** Leaderboard entry of an agent. */
export class LeaderboardEntryDto {
  /**
   * Rank, from 1 (best). Agents with equal scores share a rank; the next rank is left out (1, 1, 3).
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  rank!: number;
  /** @example guardian */
  agent_type!: string;
  /**
   * Agent type under the name used by the old backend.
   * @example guardian
   */
  ai_type!: string;
  /** @example 2 */
  @ApiProperty({ type: 'integer' })
  level!: number;
  /** @example 412.5 */
  learning_score!: number;
  /** @example 350 */
  @ApiProperty({ type: 'integer' })
  custody_xp!: number;
  /**
   * Adversarial wins / tests given, 0–1; 0 before the first test.
   * @example 0.08
   */
  win_rate!: number;
  /**
   * Score of the newest entry of the test history, 0–100; 0 if the history is empty.
   * @example 95
   */
  recent_score!: number;
  /** @example 12 */
  @ApiProperty({ type: 'integer' })
  total_tests!: number;
  /** @example 1 */
  @ApiProperty({ type: 'integer' })
  adversarial_wins!: number;
  /**
   * Pass rate, 0–1.
   * @example 0.83
   */
  pass_rate!: number;
  /** @example 2500 */
  @ApiProperty({ type: 'integer' })
  xp!: number;
  /** @example 4 */
  @ApiProperty({ type: 'integer' })
  consecutive_successes!: number;
  /** @example 0 */
  @ApiProperty({ type: 'integer' })
  consecutive_failures!: number;
  /** End of the newest test; null before the first test. */
  last_test_date!: Date | null;
  /** @example idle */
  status!: string;
  /** Amounts earned in the period; omitted for the period `all`. */
  earned?: EarnedDto;
}
