import { IsIn, IsString } from 'class-validator';
import { assertAgentType } from '../../http/parameters/index.js';
import { Omittable } from '../../http/validation/index.js';
import { EXPORT_FORMATS, EXPORTED, type Exported, type ExportFormat } from '../formats.js';
import type { ExportRequest } from './export-query.js';

/** Query of an export. */
export class ExportRequestDto {
  /** `agents`: all columns of the metrics rows. `events`: the ledger with its hashes. */
  @IsIn(EXPORTED)
  of!: Exported;

  /** `ndjson`: one object per line. `csv`: RFC 4180 with a header. Default: `ndjson`. */
  @Omittable()
  @IsIn(EXPORT_FORMATS)
  format?: ExportFormat;

  /** Only this agent. Default: all agents. */
  @Omittable()
  @IsString()
  agent_type?: string;

  /**
   * `true`: CSV cells are not escaped. Otherwise text that a spreadsheet would interpret as a formula is prefixed with an
   * apostrophe, which `import` removes. Does not apply to NDJSON.
   */
  @Omittable()
  @IsIn(['true', 'false'])
  raw?: 'true' | 'false';
}

/**
 * Converts the query to an export request.
 *
 * @throws DomainError `validation_failed` if the agent type is invalid
 */
export function toExportRequest({ of, format = 'ndjson', agent_type, raw }: ExportRequestDto): ExportRequest {
  if (agent_type !== undefined) assertAgentType(agent_type, 'agent_type');
  return { of, format, agentType: agent_type, raw: raw === 'true' };
}
