import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { SECRET } from '../../endpoints/secrets.js';

/** A secret of Standard Webhooks. */
export function IsSecret(): PropertyDecorator {
  const validate = ValidateBy({
    name: 'isSecret',
    validator: {
      validate: (value) => typeof value === 'string' && SECRET.test(value),
      defaultMessage: () => '$property must be whsec_ and the base64 of 24 to 64 bytes',
    },
  });
  return applyDecorators(
    validate,
    ApiProperty({ type: String, pattern: SECRET.source, required: false, writeOnly: true }),
  );
}
