import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';
import { validationFailed, type WithTimes } from '../../common/index.js';
import { IsText, parseRequest, tryParse } from '../../http/validation/index.js';
import type { AdversarialTestResult, CustodyTestResult, JsonObject, VoidData } from '../../progression/index.js';
import { AdversarialTestDto, toAdversarialTestResult } from './adversarial-test.dto.js';
import { CustodyTestDto, toCustodyTestResult } from './custody-test.dto.js';
import { withPath } from './with-path.js';

const REASON_MAX_LENGTH = 500;

/** Reason for voiding an event, and the result that replaces it. */
export class VoidDto {
  /** The fields of a replacement may be nested as deep as in the request of a single result. */
  static readonly envelopeDepth = 1;

  /**
   * Reason, 1 to 500 characters. Stored in the ledger.
   * @example "The harness compared with the wrong answer."
   */
  @IsText(REASON_MAX_LENGTH)
  reason!: string;

  /**
   * Result of the same type: the body of `custody-test` or `adversarial-test`. Recorded in the same transaction. Only for
   * tests. `timestamp` defaults to that of the voided test.
   */
  @IsOptional()
  @IsObject()
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  replacement?: JsonObject | null;
}

/** Reason and replacement, in an in-process call. */
export interface VoidRequest {
  /** 1 to 500 characters. */
  reason: string;
  /** Result of the type of the voided test. */
  replacement?:
    | Omit<WithTimes<CustodyTestResult>, 'details'>
    | Omit<WithTimes<AdversarialTestResult>, 'details'>
    | null
    | undefined;
}

/** The event to be voided, as far as it decides how the replacement is parsed. */
interface VoidedEvent {
  type: string;
  occurred_at: Date;
}

/**
 * Parses the body.
 *
 * @param event null: the agent has no such event
 * @throws DomainError `validation_failed`
 */
export function toVoidData(body: unknown, version: number, event: VoidedEvent | null): VoidData {
  const { reason, replacement } = parseRequest(VoidDto, body, 'body');
  if (replacement === undefined || replacement === null || !event) return { version, reason };
  return { version, reason, replacement: toReplacement(replacement, event) };
}

function toReplacement(body: JsonObject, { type, occurred_at }: VoidedEvent): VoidData['replacement'] {
  const path = 'replacement.';
  if (type !== 'custody_test' && type !== 'adversarial_test') {
    const detail = `must be left out: only tests can be replaced, and the event is ${type}`;
    throw validationFailed([{ field: 'replacement', detail }]);
  }
  return withPath(path, () => {
    if (type === 'custody_test') {
      const data = toCustodyTestResult(parseAt(CustodyTestDto, body, path));
      return { type, data: { ...data, timestamp: data.timestamp ?? occurred_at } };
    }
    const data = toAdversarialTestResult(parseAt(AdversarialTestDto, body, path));
    return { type, data: { ...data, timestamp: data.timestamp ?? occurred_at } };
  });
}

function parseAt<T extends object>(Dto: new () => T, body: JsonObject, path: string): T {
  const parsed = tryParse(Dto, body, 'replacement', path);
  if ('errors' in parsed) throw validationFailed(parsed.errors);
  return parsed.instance;
}
