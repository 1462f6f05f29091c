import { IsIn, IsString } from 'class-validator';
import { assertAgentType } from '../../http/parameters/index.js';
import { Omittable } from '../../http/validation/index.js';
import { EXPORT_FORMATS, EXPORTED, type Exported, type ExportFormat } from '../formats.js';
import type { ExportRequest } from './export-query.js';

/** What to export. */
export class ExportRequestDto {
  /** Agents: every column of their rows. Events: the ledger, with its hashes. */
  @IsIn(EXPORTED)
  of!: Exported;

  /** `ndjson`: an object a line. `csv`: RFC 4180, with a header. `ndjson` when left out. */
  @Omittable()
  @IsIn(EXPORT_FORMATS)
  format?: ExportFormat;

  /** Of this agent only. */
  @Omittable()
  @IsString()
  agent_type?: string;

  /**
   * `true`: cells of CSV as they are, for programs. Otherwise text that a spreadsheet would take for a formula has an
   * apostrophe before it, which `import` takes away. NDJSON has none.
   */
  @Omittable()
  @IsIn(['true', 'false'])
  raw?: 'true' | 'false';
}

/**
 * The export that the query asks for.
 *
 * @throws DomainError `validation_failed` on what can't be an agent
 */
export function exportRequestOf({ of, format = 'ndjson', agent_type, raw }: ExportRequestDto): ExportRequest {
  if (agent_type !== undefined) assertAgentType(agent_type, 'agent_type');
  return { of, format, agentType: agent_type, raw: raw === 'true' };
}
