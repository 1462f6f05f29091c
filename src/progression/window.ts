/** The newest `size` items of a list that is kept oldest first. */
export function newest<T>(items: readonly T[], size: number): T[] {
  return items.slice(Math.max(0, items.length - size));
}

/** The list with these items after it, cut to its newest `size` items. */
export function appended<T>(items: readonly T[], added: readonly T[], size: number): T[] {
  return newest([...items, ...added], size);
}
