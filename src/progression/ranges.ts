/** Maximum of a PostgreSQL `integer`, the type of all counters. */
export const INTEGER_MAX = 2_147_483_647;
/** Maximum learning score. Keeps sums over millions of agents exact to the unit in a double. */
export const LEARNING_SCORE_MAX = 1_000_000_000;

/** Allowed values of a number; both bounds are inclusive. */
export interface Range {
  least: number;
  most: number;
  whole?: boolean;
}

/** Counters and XP. */
export const COUNT: Range = { least: 0, most: INTEGER_MAX, whole: true };
/** Levels, general and custody. */
export const LEVEL: Range = { ...COUNT, least: 1 };
export const RATIO: Range = { least: 0, most: 1 };
export const LEARNING_SCORE: Range = { least: 0, most: LEARNING_SCORE_MAX };
/** Score of a test. */
export const SCORE: Range = { least: 0, most: 100 };
/** Duration of a test in seconds. The maximum (31 years) bounds sums. */
export const DURATION: Range = { least: 0, most: 1_000_000_000 };

/** An invalid field and the reason. */
export interface FieldError {
  field: string;
  detail: string;
}

/** Finds fields whose value is out of range. Undefined values are skipped. */
export function findOutOfRange<Field extends string>(
  values: Partial<Record<Field, number | undefined>>,
  fields: readonly Field[],
  { least, most, whole = false }: Range,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of fields) {
    const value = values[field];
    if (value === undefined || (value >= least && value <= most && (!whole || Number.isInteger(value)))) continue;
    const kind = whole ? 'a whole number' : 'a number';
    errors.push({ field, detail: `must be ${kind} from ${least} to ${most}, but is ${value}` });
  }
  return errors;
}
