import { ApiProperty } from '@nestjs/swagger';

/** An agent's place in the ranking. */
export class LeaderboardEntryDto {
  /**
   * 1 is the best.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  rank!: number;
  /** @example guardian */
  agent_type!: string;
  /**
   * The agent type, as the old backend called it.
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
   * Adversarial wins / tests given; 0 before the first test.
   * @example 0.08
   */
  win_rate!: number;
  /**
   * Score of the newest entry of the history, 0–100; 0 when there is none.
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
   * Ratio 0–1.
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
  /** When the newest test ended. */
  last_test_date!: Date | null;
  /** @example idle */
  status!: string;
}
