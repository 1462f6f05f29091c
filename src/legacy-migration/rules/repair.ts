/** Why a value couldn't be taken over as it was, and what was made of it instead. */
export const REPAIR_RULES = {
  was_null: 'NULL became the default',
  not_a_number: 'no number, or NaN; became the default',
  not_whole: 'a fraction where whole numbers are counted; was cut',
  rounded: 'a number of more digits than a double has; was rounded',
  out_of_range: 'beyond what the column may hold; became the nearest value that it may',
  percentage: 'a ratio above 1 and up to 100 was read as a percentage',
  not_a_flag: 'neither true nor false; became the default',
  not_a_time: 'no time, infinite, or outside the years 1 to 9999; became NULL',
  time_unknown: 'when the agent was created is not known; became the time of its last update, or of the take-over',
  too_long: 'longer than the column; was cut',
  counted_from_others: 'was missing; follows from the two other test counters',
  does_not_add_up: 'became passed + failed',
  rate_of_tests: 'became what the test counters give',
  streaks_exclude: 'both streaks ran; the one that the newest test ended became 0',
  below_xp: 'was raised to the level that the XP reach',
  from_custody_xp: 'was missing or below 1; became the custody level that the custody XP reach',
  from_custody_level: 'was missing; became the difficulty of the custody level',
  spelling: 'the name of a difficulty in other letters',
  not_json: 'no JSON; was kept as text',
  json_in_text: 'JSON inside a JSON string; was unwrapped',
  not_a_list: 'no list; became the only item of one',
  beyond_window: 'longer than its window; the newest items stayed',
  not_an_object: 'history entries that are no objects became {"entry": …}',
  character: 'U+0000 or half a surrogate pair in JSON became U+FFFD',
  json_number: 'a number in JSON that no double holds exactly; was rounded, or became text where none holds it at all',
  nested_too_deep: 'JSON nested too deep; what was below became JSON text',
  name_missing: 'NULL or empty; the agent was named after its agent_id',
  name_too_long: 'longer than an agent type may be; was cut',
  name_taken: 'another agent has this name already; a number was added',
  name_reserved: '* stands for all agents; a number was added',
  new_id: 'no UUID, or one that another agent has; a new one was made',
} as const;
export type RepairRule = keyof typeof REPAIR_RULES;

/** One value of one row that couldn't be taken over as it was. */
export interface Repair {
  /** Column of `agent_metrics`. */
  field: string;
  /** What was there, as text; null: NULL. Long values are cut. */
  found: string | null;
  /** What is there now; left out where it is a list or a document. */
  made?: unknown;
  why: RepairRule;
}

const SHOWN = 200;

export function repairOf(field: string, found: string | null, made: unknown, why: RepairRule): Repair {
  return { field, found: found === null ? null : cut(found), made: typeof made === 'string' ? cut(made) : made, why };
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text;
}
