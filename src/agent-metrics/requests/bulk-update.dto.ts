import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { type FieldError, validationFailed } from '../../common/index.js';
import { type ArgumentParser, markParsed, tryParse } from '../../http/validation/index.js';
import type { RowUpdate } from '../../progression/index.js';
import { RowUpdateDto, toRowUpdate } from './row-update.dto.js';

/** Maximum number of agents in a bulk update. */
export const BULK_AGENTS_MAX = 1_000;

/** Updates of several agents, committed in one transaction. */
@ApiExtraModels(RowUpdateDto)
export class BulkUpdateDto {
  /** Nesting depth above the columns: `updates` and the agent's object. */
  static readonly envelopeDepth = 2;

  /** Update of each agent by agent type, 1 to 1,000 agents. Each update is the body of a PUT of that agent. */
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
 * Converts the request body to updates by agent type.
 *
 * @throws DomainError `validation_failed` with all invalid fields of all agents
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
  return markParsed(Object.fromEntries(parsed));
}

/** Parser of the updates in an in-process call. */
export const BulkUpdateArgument: ArgumentParser<BulkUpdateDto, Record<string, RowUpdate>> = {
  Dto: BulkUpdateDto,
  name: 'updates',
  wrap: (updates) => ({ updates }),
  convert: toUpdates,
  // The updates may be instances of classes.
  Fields: RowUpdateDto,
};
