import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/**
 * Documents a property that is an object of this class or null. With `nullable` next to a reference, a strict OpenAPI 3.0
 * validator refuses null, because the referenced schema does.
 */
export function ApiNullable(model: Type): PropertyDecorator {
  return (target, property) => {
    ApiExtraModels(model)(target.constructor);
    ApiProperty({
      // Without a type, the compiler plugin would add a reference.
      type: 'object',
      additionalProperties: true,
      nullable: true,
      oneOf: [{ $ref: getSchemaPath(model) }, { type: 'object', nullable: true, enum: [null] }],
    })(target, property);
  };
}
