/** Returns the newest `size` items of a list ordered oldest first. */
export function newest<T>(items: readonly T[], size: number): T[] {
  return items.slice(Math.max(0, items.length - size));
}

/** Appends items and cuts the list to its newest `size` items. Without items to append, the list is unchanged. */
export function appended<T>(items: T[], added: readonly T[], size: number): T[] {
  return added.length === 0 ? items : newest([...items, ...added], size);
}
