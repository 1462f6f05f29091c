import { ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** Documents an object whose keys are data. The class that holds it must name Item in ApiExtraModels. */
export const ApiMapOf = (Item: new () => unknown): PropertyDecorator =>
  ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(Item) } });
