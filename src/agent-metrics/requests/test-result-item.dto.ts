import { ApiProperty, IntersectionType, OmitType } from '@nestjs/swagger';
import { IsIn, IsNumber, IsString, Matches, Max, Min } from 'class-validator';
import { type FieldError, validationFailed, type WithTimes } from '../../common/index.js';
import { assertAgentType } from '../../http/parameters/index.js';
import { OmittableOrNull, tryParse } from '../../http/validation/index.js';
import { type AdversarialTestResult, type Command, type CustodyTestResult, DURATION } from '../../progression/index.js';
import { AdversarialTestDto, toAdversarialTestResult } from './adversarial-test.dto.js';
import { CustodyTestDto, toCustodyTestResult } from './custody-test.dto.js';
import { withPath } from './with-path.js';

/** Types of the results of a batch. */
export const RESULT_TYPES = ['custody_test', 'adversarial_test'] as const;
type ResultType = (typeof RESULT_TYPES)[number];

/** Result of one test of any agent, in a batch. */
export type TestResultItem = {
  /** Idempotency key of the result, unique per agent: 1 to 255 printable ASCII characters. */
  id: string;
  agent_type: string;
} & (
  | ({ type?: 'custody_test' | undefined } & Omit<WithTimes<CustodyTestResult>, 'details'>)
  | ({ type: 'adversarial_test' } & Omit<WithTimes<AdversarialTestResult>, 'details'>)
);

/** Fields of an item besides those of the result. */
class ItemHeadDto {
  /**
   * Idempotency key of the result, unique per agent: 1 to 255 printable ASCII characters. A result that is sent again with
   * its id is replayed.
   * @example run-812/case-17
   */
  @Matches(/^[\x20-\x7e]{1,255}$/, { message: '$property must be 1 to 255 printable ASCII characters' })
  id!: string;

  /**
   * Agent type. The agent is created if it does not exist.
   * @example guardian
   */
  @IsString()
  agent_type!: string;

  /** Type of the result. Default: `custody_test`. */
  @OmittableOrNull()
  @IsIn(RESULT_TYPES)
  @ApiProperty({ enum: [...RESULT_TYPES, null] })
  type?: ResultType | null;
}
const HEAD_FIELDS: readonly string[] = ['id', 'agent_type', 'type'] satisfies (keyof ItemHeadDto)[];

/** The body of a single request, except that the duration may be unknown. */
class CustodyTestOfUnknownDurationDto extends OmitType(CustodyTestDto, ['duration']) {
  /**
   * Duration of the test in seconds, 0–1,000,000,000. Null or omitted: unknown.
   * @example 120
   */
  @OmittableOrNull()
  @IsNumber()
  @Min(DURATION.least)
  @Max(DURATION.most)
  duration?: number | null;
}

/** Result of a custody test of any agent, in a batch. */
export class CustodyTestItemDto extends IntersectionType(ItemHeadDto, CustodyTestOfUnknownDurationDto) {
  /** Type of the result. Default: `custody_test`. */
  @ApiProperty({ enum: ['custody_test', null] })
  override type?: 'custody_test' | null;
}

/** Result of an adversarial test of any agent, in a batch. */
export class AdversarialTestItemDto extends IntersectionType(ItemHeadDto, AdversarialTestDto) {
  /** Type of the result. */
  @ApiProperty({ enum: ['adversarial_test'], required: true, nullable: false })
  override type!: 'adversarial_test';
}

/** A parsed item. */
export interface ParsedItem {
  id: string;
  agentType: string;
  command: Extract<Command, { type: ResultType }>;
}

/**
 * Parses an item of a batch.
 *
 * @param path prefix of the field names in errors
 * @throws DomainError `validation_failed` with every invalid field
 */
export function parseItem(item: unknown, path = ''): ParsedItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw validationFailed([{ field: path === '' ? 'item' : path.slice(0, -1), detail: 'must be a JSON object' }]);
  }
  const entries = Object.entries(item);
  const head = Object.fromEntries(entries.filter(([name]) => HEAD_FIELDS.includes(name)));
  const body = Object.fromEntries(entries.filter(([name]) => !HEAD_FIELDS.includes(name)));
  const parsedHead = tryParse(ItemHeadDto, head, 'item', path);
  const isAdversarial = head['type'] === 'adversarial_test';
  const parsedBody = isAdversarial
    ? tryParse(AdversarialTestDto, body, 'item', path)
    : tryParse(CustodyTestOfUnknownDurationDto, body, 'item', path);
  const errors: FieldError[] = [parsedHead, parsedBody].flatMap((part) => ('errors' in part ? part.errors : []));
  if ('errors' in parsedHead || 'errors' in parsedBody || errors.length > 0) throw validationFailed(errors);
  const { id, agent_type: agentType } = parsedHead.instance;
  return withPath(path, () => {
    assertAgentType(agentType);
    const command: ParsedItem['command'] = isAdversarial
      ? { type: 'adversarial_test', data: toAdversarialTestResult(parsedBody.instance) }
      : { type: 'custody_test', data: toCustodyTestResult(parsedBody.instance) };
    return { id, agentType, command };
  });
}
