/** Numbers in the reader's locale. Times and durations are in times.ts. */
const integer = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const signed = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** No value. */
export const NONE = '–';

export const formatInteger = (value: number): string => integer.format(value);
export const formatDecimal = (value: number | null): string => (value === null ? NONE : decimal.format(value));
export const formatPercent = (ratio: number | null): string => (ratio === null ? NONE : percent.format(ratio));
/** A difference of percentages, in percentage points. */
export const formatPoints = (ratio: number): string => `${signed.format(ratio * 100)} points`;

/** `1 test`, `1,234 tests`. */
export const formatCount = (count: number, noun: string): string =>
  `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `custody_test` as `custody test`. */
export const toWords = (name: string): string => name.replaceAll('_', ' ');
