import { ApiProperty } from '@nestjs/swagger';
import { toDate, validationFailed, type WithTimes } from '../../../common/index.js';
import {
  type ArgumentParser,
  IsTimestamp,
  IsWholeNumber,
  markParsed,
  Omittable,
} from '../../../http/validation/index.js';

/** Begin of a replay: exactly one of the fields. */
export interface Replay {
  /** Position of the feed after which the replay begins. 0: all events. */
  after?: number | undefined;
  /** Time from which the events were recorded. */
  from?: Date | undefined;
}

/** Begin of a replay: exactly one of the fields. */
export class ReplayDto implements WithTimes<Replay> {
  /** Position of the feed after which the replay begins. 0: all events. */
  @Omittable()
  @IsWholeNumber(0, Number.MAX_SAFE_INTEGER)
  @ApiProperty({ required: false, example: 4_711 })
  after?: number;

  /** Time from which the events were recorded, in ISO 8601. Up to a minute of events before it is included. */
  @Omittable()
  @IsTimestamp()
  @ApiProperty({ format: 'date-time', required: false })
  from?: string;
}

/** Parser of a replay in an in-process call. */
export const ReplayArgument: ArgumentParser<ReplayDto, Replay> = {
  Dto: ReplayDto,
  name: 'replay',
  convert: ({ after, from }) => {
    if ((after === undefined) === (from === undefined)) {
      throw validationFailed([{ field: 'after', detail: 'must be sent if from is not, and not together with it' }]);
    }
    return markParsed({ after, from: from === undefined ? undefined : toDate(from) });
  },
};
