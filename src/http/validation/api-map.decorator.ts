import { ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** Documents an object whose keys are data. The class that holds it must name the classes in ApiExtraModels. */
export function ApiMap(Item: new () => unknown, Other?: new () => unknown): PropertyDecorator {
  const item = { $ref: getSchemaPath(Item) };
  const items = Other === undefined ? item : { oneOf: [item, { $ref: getSchemaPath(Other) }] };
  return ApiProperty({ type: 'object', additionalProperties: items });
}
