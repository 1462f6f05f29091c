import { createHash } from 'node:crypto';

/** Category of cases without a task. */
export const DEFAULT_CATEGORY = 'evaluation';

const CATEGORY_MAX = 50;
const HASH_LENGTH = 8;

/**
 * The category of a task: `[a-z][a-z0-9_]{0,49}`. Capital letters become small, other characters `_`; names that are cut end
 * with a hash of the whole.
 *
 * @param category replaces the name of the task
 */
export function toCategory(task: string | null, category?: string): string {
  if (category !== undefined) return category;
  if (task === null) return DEFAULT_CATEGORY;
  const name = task
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (name === '') return DEFAULT_CATEGORY;
  const begun = /^[a-z]/.test(name) ? name : `task_${name}`;
  if (begun.length <= CATEGORY_MAX) return begun;
  const hash = createHash('sha256').update(task).digest('hex').slice(0, HASH_LENGTH);
  return `${begun.slice(0, CATEGORY_MAX - HASH_LENGTH - 1).replace(/_+$/, '')}_${hash}`;
}

/** Whether the text has the form of a category. */
export function isCategory(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,49}$/.test(text);
}
