import { type Eligibilities, type Eligibility, RECENT_TESTS, type Requirement } from '../custody/index.js';
import type { OldRequirementsDto } from './dto/old-agent.dto.js';

const SECONDS_PER_HOUR = 3_600;

/** The requirements of both gates as sentences, made of the thresholds in force. */
export function oldRequirements({ level_up, propose }: Eligibilities): OldRequirementsDto {
  const rate = percent(required(level_up, 'recent_pass_rate'));
  const tests = required(level_up, 'recent_tests');
  return {
    level_up: {
      recent_pass_rate: `At least ${rate} of the last ${RECENT_TESTS} tests passed, of at least ${tests} tests`,
      consecutive_failures: failureStreak(level_up),
      custody_xp: `At least ${required(level_up, 'custody_xp')} custody XP`,
    },
    proposals: {
      at_least_one_test_passed: `At least ${counted(required(propose, 'tests_passed'), 'test')} passed`,
      consecutive_failures: failureStreak(propose),
      recent_test: `A test passed within the last ${counted(required(propose, 'recent_pass') / SECONDS_PER_HOUR, 'hour')}`,
    },
  };
}

function failureStreak(gate: Eligibility): string {
  return `At most ${counted(required(gate, 'failure_streak'), 'test')} failed in a row`;
}

function required({ requirements }: Eligibility, code: Requirement['code']): number {
  return Number(requirements.find((requirement) => requirement.code === code)?.required);
}

function percent(ratio: number): string {
  return `${rounded(ratio * 100)} %`;
}

function counted(count: number, unit: string): string {
  return `${rounded(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** Without the digits that binary fractions add. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}
