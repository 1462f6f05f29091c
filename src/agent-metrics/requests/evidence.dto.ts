import { IsUrl } from 'class-validator';
import { validationFailed } from '../../common/index.js';
import { IsAnyJson, IsText, IsWholeNumber, OmittableOrNull, omitNulls, tryParse } from '../../http/validation/index.js';
import {
  type Evidence,
  EVIDENCE_DETAILS_MAX_BYTES,
  EVIDENCE_REASON_MAX_LENGTH,
  EVIDENCE_TEXT_MAX_LENGTH,
  EVIDENCE_URL_MAX_LENGTH,
  INTEGER_MAX,
} from '../../progression/index.js';

/**
 * Origin of a test result: the tool, run and case that produced it. Stored in the ledger with the event and covered by its
 * hash. Not part of the metrics row. All fields are optional; texts have 1 to 200 characters unless noted.
 */
export class EvidenceDto {
  /**
   * Version of the agent that was tested.
   * @example 2.4.1
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  agent_version?: string | null;

  /**
   * Number of the attempt: 1, 2, 3, …
   * @example 1
   */
  @OmittableOrNull()
  @IsWholeNumber(1, INTEGER_MAX)
  attempt?: number | null;

  /**
   * Identifies the case within the run.
   * @example sql-injection-17
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  case_id?: string | null;

  /** Any JSON, up to 16,384 bytes. */
  @IsAnyJson()
  details?: unknown;

  /**
   * Environment of the test.
   * @example staging
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  environment?: string | null;

  /**
   * Who or what evaluated the test: a person, a model or a scorer.
   * @example model_graded_qa
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  evaluator?: string | null;

  /**
   * Model of the agent.
   * @example openai/gpt-4o
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  model?: string | null;

  /**
   * Reason for the outcome, up to 2,000 characters.
   * @example "The query was built by concatenation."
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_REASON_MAX_LENGTH)
  reason?: string | null;

  /**
   * Identifies the run of the tool.
   * @example nightly-2025-01-25
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  run_id?: string | null;

  /**
   * Tool that produced the result.
   * @example inspect
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  source?: string | null;

  /**
   * Address of the run or the case: http or https, up to 2,000 characters.
   * @example "https://ci.example.com/runs/812"
   */
  @OmittableOrNull()
  @IsText(EVIDENCE_URL_MAX_LENGTH)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  url?: string | null;
}

/**
 * Parses the evidence of a test result.
 *
 * @returns undefined if there is none
 * @throws DomainError `validation_failed` with every invalid field
 */
export function parseEvidence(evidence: unknown): Evidence | undefined {
  if (evidence === undefined || evidence === null) return undefined;
  const parsed = tryParse(EvidenceDto, evidence, 'evidence', 'evidence.');
  if ('errors' in parsed) throw validationFailed(parsed.errors);
  const { instance } = parsed;
  const bytes = instance.details === undefined ? 0 : Buffer.byteLength(JSON.stringify(instance.details), 'utf8');
  if (bytes > EVIDENCE_DETAILS_MAX_BYTES) {
    const detail = `must be at most ${EVIDENCE_DETAILS_MAX_BYTES} bytes as JSON, but is ${bytes}`;
    throw validationFailed([{ field: 'evidence.details', detail }]);
  }
  const fields = Object.entries(omitNulls(instance)).filter(([, value]) => value !== undefined);
  // Sorted as in canonical JSON, to speed up hashing.
  return fields.length === 0 ? undefined : Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
