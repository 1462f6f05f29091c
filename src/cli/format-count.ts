/** Formats a number with thousands separators. */
export function formatNumber(number: number): string {
  return number.toLocaleString('en');
}

/** Formats a count and its noun: 1 agent, 2 agents. */
export function formatCount(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
