import { ApiProperty } from '@nestjs/swagger';
import { ApiNullable } from '../../../http/validation/index.js';
import { DIFFICULTIES, type Difficulty } from '../../../progression/index.js';
import type { DifficultyStanding, NextDifficulty } from '../../rules/difficulty.js';

/** The next difficulty and its requirements. */
export class NextDifficultyDto implements NextDifficulty {
  /** @example intermediate */
  @ApiProperty({ enum: DIFFICULTIES })
  difficulty!: Difficulty;
  /**
   * Custody level at which this difficulty starts.
   * @example 10
   */
  @ApiProperty({ type: 'integer', minimum: 1 })
  custody_level!: number;
  /**
   * Custody XP at which this custody level starts.
   * @example 4500
   */
  @ApiProperty({ type: 'integer', minimum: 0 })
  custody_xp!: number;
  /**
   * Custody XP that the agent still needs.
   * @example 4150
   */
  @ApiProperty({ type: 'integer', minimum: 0 })
  custody_xp_needed!: number;
}

/** Difficulty of an agent's tests. */
export class DifficultyDto implements DifficultyStanding {
  /**
   * Current difficulty.
   * @example basic
   */
  current_difficulty!: string;
  /** @example 3 */
  @ApiProperty({ type: 'integer', minimum: 1 })
  custody_level!: number;
  /** @example 350 */
  @ApiProperty({ type: 'integer', minimum: 0 })
  custody_xp!: number;
  /** null at the highest difficulty. */
  @ApiNullable(NextDifficultyDto)
  next!: NextDifficultyDto | null;
}
