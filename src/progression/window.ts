/** The newest `size` items of a list that is kept oldest first. */
export function newest<T>(items: readonly T[], size: number): T[] {
  return items.slice(Math.max(0, items.length - size));
}

/** The list with these items after it, cut to its newest `size` items. A list that nothing is added to stays as it is. */
export function appended<T>(items: T[], added: readonly T[], size: number): T[] {
  return added.length === 0 ? items : newest([...items, ...added], size);
}
