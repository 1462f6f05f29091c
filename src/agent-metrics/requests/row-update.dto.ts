import { IntersectionType } from '@nestjs/swagger';
import { type ArgumentParser, markParsed } from '../../http/validation/index.js';
import type { FixedColumn, RowUpdate, SettableColumn } from '../../progression/index.js';
import { FixedColumnsDto } from './fixed-columns.dto.js';
import { UpdateMetricsDto } from './update-metrics.dto.js';

/** Columns to set, or a complete row that was read before. */
export class RowUpdateDto extends IntersectionType(UpdateMetricsDto, FixedColumnsDto) {}

/** Compile-time check that the DTO has a field for each column. */
type RowUpdateBody = Pick<RowUpdateDto, SettableColumn | FixedColumn | 'ledger_hash'>;

export function toRowUpdate(body: RowUpdateBody): RowUpdate {
  return markParsed(Object.assign({}, body));
}

/** Parser of the update in an in-process call. */
export const RowUpdateArgument: ArgumentParser<RowUpdateDto, RowUpdate> = {
  Dto: RowUpdateDto,
  name: 'updates',
  convert: toRowUpdate,
};
