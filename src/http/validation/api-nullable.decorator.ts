import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/**
 * Documents a property that is an object of this kind or null. With `nullable` beside a reference a strict validator of
 * OpenAPI 3.0 refuses null, as what is referred to does.
 */
export function ApiNullable(model: Type): PropertyDecorator {
  return (target, property) => {
    ApiExtraModels(model)(target.constructor);
    ApiProperty({
      // Without a type the compiler plugin would add a reference.
      type: 'object',
      additionalProperties: true,
      nullable: true,
      oneOf: [{ $ref: getSchemaPath(model) }, { type: 'object', nullable: true, enum: [null] }],
    })(target, property);
  };
}
