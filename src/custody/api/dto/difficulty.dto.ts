import { ApiProperty } from '@nestjs/swagger';
import { ApiNullable } from '../../../http/validation/index.js';
import { DIFFICULTIES, type Difficulty } from '../../../progression/index.js';
import type { DifficultyStanding, NextDifficulty } from '../../rules/difficulty.js';

/** The next harder tests, and what they take. */
export class NextDifficultyDto implements NextDifficulty {
  /** @example intermediate */
  @ApiProperty({ enum: DIFFICULTIES })
  difficulty!: Difficulty;
  /**
   * Custody level that brings it.
   * @example 10
   */
  @ApiProperty({ type: 'integer', minimum: 1 })
  custody_level!: number;
  /**
   * Custody XP at which that custody level begins.
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

/** How hard an agent's tests are. */
export class DifficultyDto implements DifficultyStanding {
  /**
   * Difficulty of the agent's tests now.
   * @example basic
   */
  current_difficulty!: string;
  /** @example 3 */
  @ApiProperty({ type: 'integer', minimum: 1 })
  custody_level!: number;
  /** @example 350 */
  @ApiProperty({ type: 'integer', minimum: 0 })
  custody_xp!: number;
  /** null when there is no harder one. */
  @ApiNullable(NextDifficultyDto)
  next!: NextDifficultyDto | null;
}
