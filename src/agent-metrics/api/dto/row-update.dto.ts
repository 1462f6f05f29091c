import { IntersectionType } from '@nestjs/swagger';
import type { RowUpdate } from '../../../progression/index.js';
import { FixedColumnsDto } from './fixed-columns.dto.js';
import { UpdateMetricsDto } from './update-metrics.dto.js';

/** Columns to set; or a row that was read before, sent back whole. */
export class RowUpdateDto extends IntersectionType(UpdateMetricsDto, FixedColumnsDto) {}

/** The update that the request asks for. */
export function rowUpdateOf(body: RowUpdateDto): RowUpdate {
  return Object.assign({}, body);
}
