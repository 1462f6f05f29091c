import { IntersectionType } from '@nestjs/swagger';
import { timeOf } from '../../common/timestamp.js';
import type { RowUpdate } from '../../progression/commands.js';
import { FixedColumnsDto } from './fixed-columns.dto.js';
import { UpdateMetricsDto } from './update-metrics.dto.js';

/** Columns to set; or a row that was read before, sent back whole. */
export class RowUpdateDto extends IntersectionType(UpdateMetricsDto, FixedColumnsDto) {}

const TIMES = [
  'last_learning_cycle',
  'last_success',
  'last_failure',
  'last_test_date',
  'created_at',
  'updated_at',
] as const satisfies (keyof FixedColumnsDto)[];

/** The update that the request asks for. */
export function rowUpdateOf(body: RowUpdateDto): RowUpdate {
  const times: Partial<Record<(typeof TIMES)[number], Date | null>> = {};
  for (const name of TIMES) {
    const text = body[name];
    if (text !== undefined) times[name] = text === null ? null : (timeOf(text) ?? null);
  }
  return Object.assign({}, body, times);
}
