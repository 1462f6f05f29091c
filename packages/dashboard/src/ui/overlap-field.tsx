import { Field } from './field.js';

const OVERLAPS = [
  [0, 'none: the previous one is invalid at once'],
  [3_600, '1 hour'],
  [86_400, '1 day'],
  [604_800, '7 days'],
  [2_592_000, '30 days'],
] as const;

/** Choice of the time for which a replaced key or secret remains valid. */
export function OverlapField() {
  return (
    <Field name="overlap_seconds" label="Overlap">
      {(described) => (
        <select name="overlap_seconds" defaultValue={86_400} {...described}>
          {OVERLAPS.map(([seconds, label]) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
