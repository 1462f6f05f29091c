import { ApiProperty } from '@nestjs/swagger';
import { AiTypeDto, OldAnswerDto } from './envelope.dto.js';

/** Ordered by level, then custody XP, both descending, then by agent type. */
export class OldLeaderboardEntryDto extends AiTypeDto {
  /**
   * General level.
   * @example 2
   */
  @ApiProperty({ type: 'integer' })
  level!: number;
  /**
   * Custody XP.
   * @example 350
   */
  @ApiProperty({ type: 'integer' })
  xp!: number;
  /**
   * Tests passed / tests in the history, 0–1; 0 without tests.
   * @example 0.83
   */
  win_rate!: number;
  /**
   * Score of the newest test in the history, 0–100; 0 without tests.
   * @example 95
   */
  recent_score!: number;
}

export class OldLeaderboardDataDto {
  leaderboard!: OldLeaderboardEntryDto[];
  /** Cursor of the next page; null on the last page. */
  next_cursor!: string | null;
}

export class OldLeaderboardDto extends OldAnswerDto {
  data!: OldLeaderboardDataDto;
}
