/** Random values of a test, and of an agent before its first one. */
const DRAWS = [
  'learning cycles',
  'activity',
  'custody level',
  'time',
  'type',
  'outcome',
  'score',
  'duration',
  'category',
  'harder',
  'win',
  'scenario',
] as const;
export type Draw = (typeof DRAWS)[number];

/** More tests than an agent has, and prime. */
const KEYS_OF_AN_AGENT = 1_000_003;

/**
 * SQL of a whole number from 0 to `sides` − 1, made of an agent's `number` and `version`: it looks like chance, and is the
 * same in every run.
 */
export function draw(what: Draw, sides: number): string {
  const hash = `hashint8extended(number * ${KEYS_OF_AN_AGENT} + version, ${DRAWS.indexOf(what)})`;
  return `((${hash} & 2147483647) % ${sides})::integer`;
}

/** SQL of one of these words, or of null for each blank. */
export function drawWord(what: Draw, words: readonly string[], blanks = 0): string {
  const word = draw(what, words.length + blanks);
  return `(ARRAY[${words.map((each) => `'${each}'`).join(', ')}])[1 + ${word}]`;
}
