import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { type FieldError, findUnstorable, validationFailed } from '../../common/index.js';

/** A class whose decorators (class-validator) say what a request may hold. */
export interface RequestClass<T extends object> {
  new (): T;
  /** Levels of JSON around the documents that its fields hold, where they hold several. */
  readonly envelopeDepth?: number;
  /** Whether fields that the class doesn't know are ignored, as the old backend ignored them, and not refused. */
  readonly ignoresUnknownFields?: boolean;
}

/**
 * Reads what a client sent as an instance of a DTO. Nothing is coerced, and nothing is dropped: a field that the DTO
 * doesn't know is refused.
 *
 * @param name what the value is called when it isn't an object at all
 * @throws DomainError `validation_failed` with every field that can't be taken
 */
export function parseRequest<T extends object>(Dto: RequestClass<T>, value: unknown, name: string): T {
  const result = tryParse(Dto, value, name, '');
  if ('errors' in result) throw validationFailed(result.errors);
  return result.instance;
}

/** As `parseRequest`, but returns the errors, each field's name with `path` before it. */
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
  // Said once: there may be many of them.
  const [unknown] = errors;
  if (unknown && path === '') unknown.detail += `; its fields are ${[...known].join(', ')}`;
  // Field by field and only known ones: an own `constructor` or `toString` must not get onto the instance.
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
  // A field that was refused isn't on the instance, but it isn't missing.
  const invalid = validateSync(instance).filter(({ property }) => !refused.has(property));
  errors.push(...invalid.flatMap((error) => toFieldErrors(error, path)));
  return errors.length > 0 ? { errors } : { instance };
}

const fieldsByClass = new WeakMap<object, Set<string>>();

/** The fields that the class has validation decorators on. */
function getKnownFields(Dto: RequestClass<object>): Set<string> {
  let fields = fieldsByClass.get(Dto);
  if (!fields) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
    fields = new Set(metadata.map(({ propertyName }) => propertyName));
    fieldsByClass.set(Dto, fields);
  }
  return fields;
}

/** One error for a field: what isn't of the right type fails all other constraints as well, which says nothing. */
function toFieldErrors({ property, value, constraints = {} }: ValidationError, path: string): FieldError[] {
  const field = path + property;
  const failed = Object.entries(constraints);
  const [, message] = failed.find(([name]) => name.startsWith('is')) ?? failed[0] ?? [];
  if (message === undefined) return [];
  if (value === undefined) return [{ field, detail: 'is missing' }];
  return [{ field, detail: message.startsWith(`${property} `) ? message.slice(property.length + 1) : message }];
}

/** A field's name as it may be shown: cut, and without what isn't text. */
function toPrintable(field: string): string {
  return field.slice(0, 100).toWellFormed().replaceAll('\u0000', '\\u0000');
}
