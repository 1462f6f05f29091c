import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { validationFailed } from '../../common/index.js';
import { INTEGER_MAX } from '../../progression/index.js';

class EventVersionPipe implements PipeTransform<string, number> {
  transform(text: string): number {
    const version = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Infinity;
    if (version <= INTEGER_MAX) return version;
    throw validationFailed([{ field: 'version', detail: `must be a whole number from 1 to ${INTEGER_MAX}` }]);
  }
}

/** Path parameter with the version of an event. */
export const EventVersionParam = (): ParameterDecorator => Param('version', new EventVersionPipe());

/** Documents the path parameter. */
export const ApiEventVersion = (): MethodDecorator =>
  ApiParam({
    name: 'version',
    description: 'Version of the event: the version that the agent had after it.',
    schema: { type: 'integer', minimum: 1, maximum: INTEGER_MAX, example: 2 },
  });
