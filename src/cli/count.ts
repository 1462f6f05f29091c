/** A number as people read it. */
export function count(number: number): string {
  return number.toLocaleString('en');
}
