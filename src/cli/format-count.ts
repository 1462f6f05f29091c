/** A number as people read it. */
export function formatNumber(number: number): string {
  return number.toLocaleString('en');
}

/** How many of something there are: 1 agent, 2 agents. */
export function formatCount(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
