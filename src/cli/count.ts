/** A number as people read it. */
export function count(number: number): string {
  return number.toLocaleString('en');
}

/** How many of something there are: 1 agent, 2 agents. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
