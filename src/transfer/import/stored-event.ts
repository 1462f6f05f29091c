import { type FieldError, findUnstorable } from '../../common/index.js';
import { AGENT_TYPE_MAX_LENGTH, EVENT_TYPES, INTEGER_MAX, type JsonObject } from '../../progression/index.js';
import type { StoredEvent } from '../../verification/index.js';
import { EVENT_COLUMNS } from '../columns.js';
import { isObject } from './items.js';

const SMALLINT_MAX = 32_767;
const MICROSECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;
const SHA_256 = /^[0-9a-f]{64}$/;
/** Events can be nested more deeply than requests, because they contain documents. */
const EXTRA_DEPTH = 1_000;

interface Rule {
  fits: (value: unknown) => boolean;
  must: string;
}

const text = (most: number): Rule => ({
  fits: (value) => typeof value === 'string' && value !== '' && [...value].length <= most,
  must: `must be a text of 1 to ${most} characters`,
});
const whole = (most: number): Rule => ({
  fits: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most,
  must: `must be a whole number from 1 to ${most}`,
});
const object: Rule = { fits: isObject, must: 'must be a JSON object' };
const time: Rule = {
  fits: (value) => typeof value === 'string' && MICROSECONDS.test(value) && !Number.isNaN(Date.parse(value)),
  must: 'must be a time in UTC with six digits, such as 2025-01-25T10:00:00.000000Z',
};
const hash: Rule = {
  fits: (value) => typeof value === 'string' && SHA_256.test(value),
  must: 'must be 64 hexadecimal digits',
};
const orNull = ({ fits, must }: Rule): Rule => ({
  fits: (value) => value === null || fits(value),
  must: `${must}, or null`,
});

const RULES: Record<keyof StoredEvent, Rule> = {
  agent_type: text(AGENT_TYPE_MAX_LENGTH),
  version: whole(INTEGER_MAX),
  recorded_as: orNull(text(AGENT_TYPE_MAX_LENGTH)),
  type: { fits: (value) => EVENT_TYPES.some((type) => type === value), must: 'must be a type of event' },
  payload: object,
  result: {
    fits: (value) => isObject(value) && typeof value['created'] === 'boolean' && isObject(value['metrics']),
    must: 'must be an object with created and metrics',
  },
  rules_version: whole(SMALLINT_MAX),
  actor: orNull(text(100)),
  idempotency_key: orNull(text(255)),
  request_hash: orNull(hash),
  occurred_at: time,
  recorded_at: time,
  prev_hash: hash,
  hash,
};

/** Whether the value is an event, not an agent. */
export function isEvent(value: JsonObject): boolean {
  return 'prev_hash' in value || 'payload' in value;
}

/** Parses an event of a file. Returns the errors if it is invalid. */
export function parseStoredEvent(value: JsonObject): StoredEvent | FieldError[] {
  const errors: FieldError[] = [];
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(RULES, name)) errors.push({ field: name, detail: 'is not a field of an event' });
  }
  for (const { name } of EVENT_COLUMNS) {
    const { fits, must } = RULES[name as keyof StoredEvent];
    // Exports of earlier versions do not have it.
    if (name === 'recorded_as' && !(name in value)) continue;
    const fault = findUnstorable(value[name], name, -EXTRA_DEPTH);
    if (fault) errors.push(fault);
    else if (!fits(value[name])) errors.push({ field: name, detail: name in value ? must : 'is missing' });
  }
  if (errors.length > 0) return errors;
  const { prev_hash, hash } = value as { prev_hash: string; hash: string };
  return {
    ...(value as unknown as StoredEvent),
    recorded_as: (value['recorded_as'] as string | undefined) ?? null,
    prev_hash: Buffer.from(prev_hash, 'hex'),
    hash: Buffer.from(hash, 'hex'),
  };
}
