const NUMBER = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?$/;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/** The number that PostgreSQL wrote as this text, which may be infinite; null when it is none, or NaN. */
export function numberIn(text: string): number | null {
  const trimmed = text.trim();
  const infinite = INFINITY.exec(trimmed);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return NUMBER.test(trimmed) ? Number(trimmed) : null;
}

/** Whether the double next to a number in this notation is the same number. */
export function isExact(text: string): boolean {
  const number = Number(text);
  return Number.isFinite(number) && decimalOf(text) === decimalOf(String(number));
}

/** A number's digits without zeros around them, and its exponent: one form for all ways to write the number. */
function decimalOf(text: string): string {
  const [, sign = '', mantissa = '', exponent = '0'] = NUMBER.exec(text.trim()) ?? [];
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}
