import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsInt, IsOptional, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { parseTimestamp } from '../../common/index.js';

/** A field that may be omitted. Unlike IsOptional, it does not accept `null`. */
export function Omittable(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A field that may be omitted. `null` has the same meaning. */
export function OmittableOrNull(): PropertyDecorator {
  return applyDecorators(IsOptional(), ApiProperty({ nullable: true, required: false }));
}

/** A whole number from `least` to `most`. Also documents the type as integer. */
export function IsWholeNumber(least: number, most: number): PropertyDecorator {
  return applyDecorators(
    IsInt(),
    Min(least),
    Max(most),
    ApiProperty({ type: 'integer', minimum: least, maximum: most }),
  );
}

/** A list of any JSON values. */
export function IsListOfJson(): PropertyDecorator {
  return applyDecorators(IsArray(), ApiProperty({ type: 'array', items: {} }));
}

const ANY_JSON = [
  { type: 'string', nullable: true },
  { type: 'number' },
  { type: 'boolean' },
  { type: 'object', additionalProperties: true },
  { type: 'array', items: {} },
];

/** Any JSON value. */
export function IsAnyJson(): PropertyDecorator {
  return applyDecorators(
    ValidateBy({ name: 'isAnyJson', validator: { validate: () => true } }),
    ApiProperty({ oneOf: ANY_JSON, required: false }),
  );
}

/** Text of 1 to `most` characters, counted as PostgreSQL's varchar does, in code points. */
export function IsText(most: number): PropertyDecorator {
  return ValidateBy({
    name: 'isText',
    validator: {
      validate: (value) => typeof value === 'string' && value !== '' && [...value].length <= most,
      defaultMessage: () => `$property must be a text of 1 to ${most} characters`,
    },
  });
}

/** A time in ISO 8601 format. */
export function IsTimestamp(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimestamp',
    validator: {
      validate: (value) => typeof value === 'string' && parseTimestamp(value) !== null,
      defaultMessage: () =>
        '$property must be an ISO 8601 time such as 2025-01-25T10:00:00Z (UTC if it has no zone), from 1970 to 9999',
    },
  });
}

/** A JSON object, a JSON array, or null. */
export function IsJsonDocument(): PropertyDecorator {
  const validate = ValidateBy({
    name: 'isJsonDocument',
    validator: {
      validate: (value) => typeof value === 'object',
      defaultMessage: () => '$property must be a JSON object, an array or null',
    },
  });
  return applyDecorators(validate, ApiJsonDocument());
}

/** Documents a JSON object, a JSON array, or null. */
export function ApiJsonDocument(): PropertyDecorator {
  return ApiProperty({
    oneOf: [
      { type: 'object', additionalProperties: true, nullable: true },
      { type: 'array', items: {} },
    ],
  });
}

/** A list of JSON objects. */
export function IsListOfObjects(): PropertyDecorator {
  return ValidateBy({
    name: 'isListOfObjects',
    validator: {
      validate: (value) => Array.isArray(value) && value.every(isObject),
      defaultMessage: () => '$property must be a list of JSON objects',
    },
  });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A query parameter that is a whole number in decimal digits, from `least` to `most`. */
export function IsDecimalNumber(least: number, most: number): PropertyDecorator {
  return ValidateBy({
    name: 'isDecimalNumber',
    validator: {
      validate: (value) =>
        typeof value === 'string' && /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most,
      defaultMessage: () => `$property must be a whole number from ${least} to ${most}`,
    },
  });
}

/** A query parameter that may be repeated, at most `most` times. Its value is a string, or a list of strings. */
export function IsListInQuery(most: number): PropertyDecorator {
  return ValidateBy({
    name: 'isListInQuery',
    validator: {
      validate: (value) => {
        const values = [value].flat() as unknown[];
        return values.length <= most && values.every((item) => typeof item === 'string');
      },
      defaultMessage: () => `$property must be a text, repeated at most ${most} times`,
    },
  });
}
