import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { type FieldError, findUnstorable, validationFailed } from '../../common/index.js';
import { satisfies } from './satisfies.js';

/** DTO class of a request, with class-validator decorators. */
export interface RequestClass<T extends object> {
  new (): T;
  /** Levels of nesting around the documents in its fields, which are not counted. */
  readonly envelopeDepth?: number;
  /** Whether unknown fields are ignored, as by the old backend, instead of refused. */
  readonly ignoresUnknownFields?: boolean;
  /** Maximum size as an in-process argument, in characters of JSON. Default: that of a request body. */
  readonly argumentMaxSize?: number;
}

/**
 * Parses a value as an instance of a DTO. Values are not coerced. Unknown fields are refused.
 *
 * @param name name of the value in the error, if it is not an object
 * @throws DomainError `validation_failed` with every invalid field
 */
export function parseRequest<T extends object>(Dto: RequestClass<T>, value: unknown, name: string): T {
  const result = tryParse(Dto, value, name, '');
  if ('errors' in result) throw validationFailed(result.errors);
  return result.instance;
}

/**
 * Like `parseRequest`, but returns the errors.
 *
 * @param path prefix of the field names in errors
 */
export function tryParse<T extends object>(
  Dto: RequestClass<T>,
  value: unknown,
  name: string,
  path: string,
): { instance: T } | { errors: FieldError[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { errors: [{ field: name, detail: 'must be a JSON object' }] };
  }
  const known = getKnownFields(Dto);
  const errors: FieldError[] = Object.keys(value)
    .filter((field) => !known.has(field) && Dto.ignoresUnknownFields !== true)
    .map((field) => ({ field: path + toPrintable(field), detail: 'is not a field of this request' }));
  // The known fields are listed once, because there may be many unknown ones.
  const [unknown] = errors;
  if (unknown && path === '') unknown.detail += `; its fields are ${[...known].join(', ')}`;
  // Copies known fields only: an own `constructor` or `toString` must not reach the instance.
  const instance = new Dto();
  const refused = new Set<string>();
  for (const field of known) {
    if (!Object.hasOwn(value, field)) continue;
    const item = (value as Record<string, unknown>)[field];
    const fault = findUnstorable(item, path + field, -(Dto.envelopeDepth ?? 0));
    if (fault) {
      errors.push(fault);
      refused.add(field);
    } else {
      (instance as Record<string, unknown>)[field] = item;
    }
  }
  // A refused field is not on the instance, but must not be reported as missing.
  const invalid = satisfies(instance) ? [] : validateSync(instance).filter(({ property }) => !refused.has(property));
  errors.push(...invalid.flatMap((error) => toFieldErrors(error, path)));
  return errors.length > 0 ? { errors } : { instance };
}

const fieldsByClass = new WeakMap<object, Set<string>>();

/** Fields of the class that have validation decorators. */
export function getKnownFields(Dto: RequestClass<object>): Set<string> {
  let fields = fieldsByClass.get(Dto);
  if (!fields) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
    fields = new Set(metadata.map(({ propertyName }) => propertyName));
    fieldsByClass.set(Dto, fields);
  }
  return fields;
}

/** One error for each field, the type error first: a value of the wrong type also violates all other constraints. */
function toFieldErrors({ property, value, constraints = {} }: ValidationError, path: string): FieldError[] {
  const field = path + property;
  const failed = Object.entries(constraints);
  const [, message] = failed.find(([name]) => name.startsWith('is')) ?? failed[0] ?? [];
  if (message === undefined) return [];
  if (value === undefined) return [{ field, detail: 'is missing' }];
  return [{ field, detail: message.startsWith(`${property} `) ? message.slice(property.length + 1) : message }];
}

/** Field name for an error: truncated, without NUL and lone surrogates. */
function toPrintable(field: string): string {
  return field.slice(0, 100).toWellFormed().replaceAll('\u0000', '\\u0000');
}
