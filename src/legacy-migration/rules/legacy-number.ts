const NUMBER = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?$/;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/**
 * Parses a number in the output format of PostgreSQL. It can be infinite.
 *
 * @returns null if the text is not a number, or NaN
 */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  const infinite = INFINITY.exec(trimmed);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return NUMBER.test(trimmed) ? Number(trimmed) : null;
}

/** Whether a double represents the decimal number exactly. */
export function isExact(text: string): boolean {
  const number = Number(text);
  return Number.isFinite(number) && toDecimal(text) === toDecimal(String(number));
}

/** Normal form of a decimal number: its significant digits and exponent. */
function toDecimal(text: string): string {
  const [, sign = '', mantissa = '', exponent = '0'] = NUMBER.exec(text.trim()) ?? [];
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}
