import { type Eligibilities, type Eligibility, RECENT_TESTS, type Requirement } from '../custody/index.js';
import type { OldRequirementsDto } from './dto/agent.dto.js';

const SECONDS_PER_HOUR = 3_600;

/** Describes the requirements of both gates with the configured thresholds, one sentence each. */
export function describeRequirements({ level_up, propose }: Eligibilities): OldRequirementsDto {
  const rate = formatPercent(getRequired(level_up, 'recent_pass_rate'));
  const tests = getRequired(level_up, 'recent_tests');
  return {
    level_up: {
      recent_pass_rate: `At least ${rate} of the last ${RECENT_TESTS} tests passed, of at least ${tests} tests`,
      consecutive_failures: describeFailureStreak(level_up),
      custody_xp: `At least ${getRequired(level_up, 'custody_xp')} custody XP`,
    },
    proposals: {
      at_least_one_test_passed: `At least ${formatCount(getRequired(propose, 'tests_passed'), 'test')} passed`,
      consecutive_failures: describeFailureStreak(propose),
      recent_test: `A test passed within the last ${formatCount(getRequired(propose, 'recent_pass') / SECONDS_PER_HOUR, 'hour')}`,
    },
  };
}

function describeFailureStreak(gate: Eligibility): string {
  return `At most ${formatCount(getRequired(gate, 'failure_streak'), 'test')} failed in a row`;
}

function getRequired({ requirements }: Eligibility, code: Requirement['code']): number {
  return Number(requirements.find((requirement) => requirement.code === code)?.required);
}

function formatPercent(ratio: number): string {
  return `${round(ratio * 100)} %`;
}

function formatCount(count: number, unit: string): string {
  return `${round(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** Removes digits that result from binary fractions. */
function round(value: number): number {
  return Number(value.toFixed(6));
}
