import { ApiProperty, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../../agent-metrics/index.js';
import { CATEGORIES, type KnownCategory } from '../../../progression/index.js';
import type { Standing } from '../../rules/standing.js';
import { RecommendationDto } from './recommendation.dto.js';

/** Custody status of an agent. */
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
   * Whether the agent can propose work now. The eligibility lists the requirements.
   * @example true
   */
  may_propose!: boolean;
  /**
   * Whether the agent can level up now.
   * @example false
   */
  may_level_up!: boolean;
  /**
   * Due time of the next test; null before the first test, which is due immediately.
   * @example 2026-11-23T13:12:03.120Z
   */
  next_test_at!: Date | null;
  /**
   * Whether the next test is due.
   * @example false
   */
  is_due!: boolean;
  /**
   * Whether the agent has not passed a test for more than 24 hours.
   * @example false
   */
  is_overdue!: boolean;
  /**
   * Categories that the agent is mainly tested in.
   * @example ["security_awareness", "code_quality", "performance_optimization"]
   */
  @ApiProperty({ enum: CATEGORIES, isArray: true })
  focus!: readonly KnownCategory[];
  /** Recommendations for the agent; empty if there are none. */
  recommendations!: RecommendationDto[];
}
