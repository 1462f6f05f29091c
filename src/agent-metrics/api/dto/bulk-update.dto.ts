import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { type FieldError, validationFailed } from '../../../common/index.js';
import { tryParse } from '../../../http/validation/index.js';
import type { RowUpdate } from '../../../progression/index.js';
import { RowUpdateDto, toRowUpdate } from './row-update.dto.js';

/** Agents that one bulk update may name. */
export const BULK_AGENTS_MAX = 1_000;

/** Updates of many agents, which all take effect or none. */
@ApiExtraModels(RowUpdateDto)
export class BulkUpdateDto {
  /** `updates` and the agent's object. */
  static readonly envelopeDepth = 2;

  /** By agent type, 1 to 1,000 of them: what a PUT of that agent would take. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(RowUpdateDto) },
    minProperties: 1,
    maxProperties: BULK_AGENTS_MAX,
    example: { guardian: { status: 'active', priority: 'high' }, sandbox: { xp: 1200 } },
  })
  @IsObject()
  updates!: Record<string, unknown>;
}

/**
 * The updates that the request asks for.
 *
 * @throws DomainError `validation_failed` with every field of every agent that can't be taken
 */
export function toUpdates({ updates }: BulkUpdateDto): Record<string, RowUpdate> {
  const agents = Object.entries(updates);
  if (agents.length === 0 || agents.length > BULK_AGENTS_MAX) {
    throw validationFailed([{ field: 'updates', detail: `must name 1 to ${BULK_AGENTS_MAX} agents` }]);
  }
  const errors: FieldError[] = [];
  const parsed = agents.map(([agentType, update]) => {
    const field = `updates.${agentType}`;
    const result = tryParse(RowUpdateDto, update, field, `${field}.`);
    if ('errors' in result) errors.push(...result.errors);
    return [agentType, 'errors' in result ? {} : toRowUpdate(result.instance)] as const;
  });
  if (errors.length > 0) throw validationFailed(errors);
  return Object.fromEntries(parsed);
}
