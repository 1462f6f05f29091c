import { IsIn } from 'class-validator';
import { Omittable } from '../../http/validation/index.js';

/** Query of a batch of results. */
export class BatchQueryDto {
  /** `true`: all results are recorded, or none. Only for a JSON array. */
  @Omittable()
  @IsIn(['true', 'false'])
  atomic?: 'true' | 'false';
}
