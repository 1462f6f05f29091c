import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { PageRequest } from '../../../common/index.js';
import { PageQueryDto, toPageRequest, withLimitAsText } from '../../../http/parameters/index.js';
import { type ArgumentParser, markParsed, Omittable } from '../../../http/validation/index.js';
import { DELIVERY_STATES, type DeliveryState } from '../../store/index.js';

/** Selects entries of the delivery log. */
export interface DeliveryRequest extends PageRequest {
  /** Default: all. */
  state?: DeliveryState | undefined;
}

/** Selects entries of the delivery log. */
export class DeliveryQueryDto extends PageQueryDto {
  /** State of the delivery. Default: all. */
  @Omittable()
  @IsIn(DELIVERY_STATES)
  @ApiProperty({ enum: DELIVERY_STATES, required: false })
  state?: DeliveryState;
}

/** Parser of the selection in an in-process call. */
export const DeliveryArgument: ArgumentParser<DeliveryQueryDto, DeliveryRequest> = {
  Dto: DeliveryQueryDto,
  name: 'request',
  convert: ({ state, ...page }) => markParsed({ ...toPageRequest(page), state }),
  adapt: withLimitAsText,
};
