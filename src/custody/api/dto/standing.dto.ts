import { ApiProperty, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../../agent-metrics/index.js';
import { CATEGORIES, type Category } from '../../../progression/index.js';
import type { Standing } from '../../rules/standing.js';
import { RecommendationDto } from './recommendation.dto.js';

/** Where an agent stands with custody. */
export class StandingDto
  extends PickType(AgentMetrics, [
    'agent_type',
    'status',
    'is_active',
    'current_difficulty',
    'custody_level',
    'custody_xp',
    'total_tests_given',
    'total_tests_passed',
    'total_tests_failed',
    'pass_rate',
    'consecutive_successes',
    'consecutive_failures',
    'last_test_date',
  ])
  implements Standing
{
  /**
   * Whether the agent may propose work now; its eligibility says why.
   * @example true
   */
  may_propose!: boolean;
  /**
   * Whether it may level up now.
   * @example false
   */
  may_level_up!: boolean;
  /**
   * When its next test is due; null before the first one, which is due at once.
   * @example 2026-11-23T13:12:03.120Z
   */
  next_test_at!: Date | null;
  /**
   * Whether that time has come.
   * @example false
   */
  is_due!: boolean;
  /**
   * Whether no test was passed for more than 24 hours.
   * @example false
   */
  is_overdue!: boolean;
  /**
   * Categories that it is tested in above all.
   * @example ["security_awareness", "code_quality", "performance_optimization"]
   */
  @ApiProperty({ enum: CATEGORIES, isArray: true })
  focus!: readonly Category[];
  /** What should be done about it; empty when nothing should. */
  recommendations!: RecommendationDto[];
}
