import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { WEBHOOK_SECRET, WEBHOOK_SECRET_FAULT } from '../../../common/index.js';

/** A secret of Standard Webhooks. */
export function IsSecret(): PropertyDecorator {
  const validate = ValidateBy({
    name: 'isSecret',
    validator: {
      validate: (value) => typeof value === 'string' && WEBHOOK_SECRET.test(value),
      defaultMessage: () => `$property ${WEBHOOK_SECRET_FAULT}`,
    },
  });
  return applyDecorators(
    validate,
    ApiProperty({ type: String, pattern: WEBHOOK_SECRET.source, required: false, writeOnly: true }),
  );
}
