/** Rules by which invalid values are repaired, with their meaning. */
export const REPAIR_RULES = {
  was_null: 'NULL; set to the default',
  not_a_number: 'not a number; set to the default',
  not_whole: 'not an integer; truncated',
  rounded: 'more digits than a double can represent; rounded',
  out_of_range: 'out of range; set to the nearest valid value',
  percentage: 'a ratio above 1 and up to 100; read as a percentage',
  not_a_flag: 'not a boolean; set to the default',
  not_a_time: 'not a time, infinite, or outside the years 1 to 9999; set to NULL',
  time_unknown: 'unknown time of creation; set to the time of the last update, or of the migration',
  too_long: 'longer than the column; truncated',
  counted_from_others: 'missing; computed from the two other test counters',
  does_not_add_up: 'set to passed + failed',
  rate_of_tests: 'computed from the test counters',
  streaks_exclude: 'both streaks were positive; the one that the newest test ended was set to 0',
  below_xp: 'raised to the level of the XP',
  from_custody_xp: 'missing or below 1; set to the custody level of the custody XP',
  from_custody_level: 'missing; set to the difficulty of the custody level',
  spelling: 'other spelling of a known difficulty; normalized',
  not_json: 'not valid JSON; kept as text',
  json_in_text: 'JSON inside a JSON string; unwrapped',
  not_a_list: 'not a list; set to a list with this item',
  beyond_window: 'longer than the window; only the newest items are kept',
  not_an_object: 'history entries that are not objects; set to {"entry": …}',
  character: 'U+0000 or an unpaired surrogate in JSON; replaced with U+FFFD',
  json_number: 'a number in JSON that a double cannot represent; rounded, or converted to text if out of range',
  nested_too_deep: 'JSON nested too deeply; deeper levels are kept as JSON text',
  name_missing: 'NULL or empty; named after the agent_id',
  name_too_long: 'longer than an agent type can be; truncated',
  name_taken: 'used by another agent; a number was appended',
  name_reserved: '* is reserved for all agents; a number was appended',
  new_id: 'not a UUID, or used by another agent; a new one was generated',
} as const;
export type RepairRule = keyof typeof REPAIR_RULES;

/** A repaired value of a row. */
export interface Repair {
  /** Column of `agent_metrics`. */
  field: string;
  /** The original value as text; null for NULL. Long values are truncated. */
  found: string | null;
  /** The new value; omitted for lists and documents. */
  made?: unknown;
  why: RepairRule;
}

/** Maximum length of a value in the report. */
const VALUE_LENGTH = 200;

export function createRepair(field: string, found: string | null, made: unknown, why: RepairRule): Repair {
  return {
    field,
    found: found === null ? null : truncate(found),
    made: typeof made === 'string' ? truncate(made) : made,
    why,
  };
}

function truncate(text: string): string {
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH).toWellFormed()}…` : text;
}
