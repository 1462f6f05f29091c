import { ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** Documents an object with arbitrary keys. Its class must list the value classes in ApiExtraModels. */
export function ApiMap(Item: new () => unknown, Other?: new () => unknown): PropertyDecorator {
  const item = { $ref: getSchemaPath(Item) };
  const items = Other === undefined ? item : { oneOf: [item, { $ref: getSchemaPath(Other) }] };
  return ApiProperty({ type: 'object', additionalProperties: items });
}
