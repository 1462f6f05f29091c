import { IntersectionType } from '@nestjs/swagger';
import type { FixedColumn, RowUpdate, SettableColumn } from '../../../progression/index.js';
import { FixedColumnsDto } from './fixed-columns.dto.js';
import { UpdateMetricsDto } from './update-metrics.dto.js';

/** Columns to set; or a row that was read before, sent back whole. */
export class RowUpdateDto extends IntersectionType(UpdateMetricsDto, FixedColumnsDto) {}

/** Does not compile when a column has no field in the DTO. */
type RowUpdateBody = Pick<RowUpdateDto, SettableColumn | FixedColumn | 'ledger_hash'>;

export function toRowUpdate(body: RowUpdateBody): RowUpdate {
  return Object.assign({}, body);
}
