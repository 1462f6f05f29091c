import { DomainError } from './domain-error.js';
import { JSON_DEPTH_MAX } from './json-text.js';

/** Maximum size of a copy, in characters: a lower bound of its length as JSON. Equal to the limit of a request body. */
export const COPY_MAX_SIZE = 1024 * 1024;
/** Depth below which nothing is copied. Above JSON_DEPTH_MAX, so that findUnstorable reports the nesting. */
const COPY_DEPTH_MAX = JSON_DEPTH_MAX + 8;

interface CopyOptions {
  maxSize?: number | undefined;
  /** Fields that are read from instances of classes even if they are inherited, such as getters. */
  inherited?: Iterable<string>;
}

/**
 * Copies a value of another program part as JSON. It is read like JSON.stringify does: own enumerable properties, `toJSON`
 * (a Date becomes ISO 8601 text), properties that are undefined omitted. Each property is read once, so that the copy can be
 * checked and then used. A value that JSON does not have, such as a function, NaN or a Map, is not dropped: the copy contains
 * a symbol or the number instead, which findUnstorable reports.
 *
 * @throws DomainError `payload_too_large` if the copy exceeds the maximum size
 */
export function copyJson(value: unknown, { maxSize = COPY_MAX_SIZE, inherited = [] }: CopyOptions = {}): unknown {
  return new JsonCopier(maxSize, inherited).copy(value, 0);
}

/** Whether the value is an object with fields: not null, not a list, and not of a built-in class such as Map or Promise. */
export function isFieldsObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && getTag(value) === 'Object';
}

/** A value that JSON does not have. */
const notJson = (type: string): symbol => Symbol(type);

class JsonCopier {
  private left: number;

  constructor(
    private readonly maxSize: number,
    private readonly inherited: Iterable<string>,
  ) {
    this.left = maxSize;
  }

  copy(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        this.spend(value.length);
        return value;
      case 'number':
        this.spend(1);
        return value === 0 ? 0 : value; // -0 is 0 in JSON.
      case 'boolean':
        this.spend(1);
        return value;
      case 'object':
        this.spend(3); // With the brackets.
        return value === null ? null : this.copyObject(value, depth);
      default:
        this.spend(1);
        return notJson(typeof value);
    }
  }

  private copyObject(original: object, depth: number): unknown {
    if (depth > COPY_DEPTH_MAX) return {};
    const { toJSON } = original as { toJSON?: () => unknown };
    if (typeof toJSON === 'function') return this.copyConverted(original, toJSON, depth);
    if (Array.isArray(original)) return this.copyList(original, depth);
    return isFieldsObject(original) ? this.copyFields(original, depth) : notJson(getTag(original));
  }

  /** `toJSON` is called once, as by JSON.stringify. */
  private copyConverted(original: object, toJSON: () => unknown, depth: number): unknown {
    const converted: unknown = toJSON.call(original);
    if (typeof converted !== 'object') return this.copy(converted, depth);
    // An invalid Date: JSON.stringify would write null.
    if (converted === null) return notJson(getTag(original) === 'Date' ? 'invalid Date' : getTag(original));
    if (Array.isArray(converted)) return this.copyList(converted, depth);
    return isFieldsObject(converted) ? this.copyFields(converted, depth) : notJson(getTag(converted));
  }

  private copyList(original: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    const { length } = original;
    for (let index = 0; index < length; index++) copy.push(this.copy(original[index], depth + 1));
    return copy;
  }

  private copyFields(original: object, depth: number): object {
    const copy: Record<string, unknown> = {};
    for (const field of this.listFields(original)) {
      const value = (original as Record<string, unknown>)[field];
      if (value === undefined) continue;
      this.spend(field.length);
      const item = this.copy(value, depth + 1);
      // Assignment would set the prototype.
      if (field === '__proto__') Object.defineProperty(copy, field, { value: item, enumerable: true });
      else copy[field] = item;
    }
    return copy;
  }

  private listFields(original: object): Iterable<string> {
    const own = Object.keys(original);
    const prototype: unknown = Object.getPrototypeOf(original);
    if (prototype === null || prototype === Object.prototype) return own;
    const fields = new Set(own);
    for (const field of this.inherited) if (field in original) fields.add(field);
    return fields;
  }

  private spend(size: number): void {
    this.left -= size;
    if (this.left >= 0) return;
    throw new DomainError('payload_too_large', `The arguments have more than ${this.maxSize} characters as JSON.`);
  }
}

/** Name of a built-in class; `Object` for all others. */
function getTag(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
