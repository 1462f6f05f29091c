declare module 'pg-types/lib/textParsers.js' {
  /** Passes each built-in parser of text values to `register`. */
  export function init(register: (oid: number, parser: (value: string) => unknown) => void): void;
  const textParsers: { init: typeof init };
  export default textParsers;
}
