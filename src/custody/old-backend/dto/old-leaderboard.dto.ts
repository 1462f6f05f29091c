import { IntersectionType, OmitType } from '@nestjs/swagger';
import { LeaderboardEntryDto } from '../../../agent-metrics/dto/leaderboard-entry.dto.js';
import { AiTypeDto, OldAnswerDto } from './old-answer.dto.js';

export class OldLeaderboardEntryDto extends IntersectionType(
  AiTypeDto,
  OmitType(LeaderboardEntryDto, ['agent_type']),
) {}

export class OldLeaderboardDataDto {
  leaderboard!: OldLeaderboardEntryDto[];
  /** Opens the next page; null on the last one. */
  next_cursor!: string | null;
}

export class OldLeaderboardDto extends OldAnswerDto {
  data!: OldLeaderboardDataDto;
}
