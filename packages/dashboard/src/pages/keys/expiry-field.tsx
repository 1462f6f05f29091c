import { Field } from '../../ui/field.js';

const DAY_MS = 86_400_000;

/** Choice of the expiry of a new key. */
export function ExpiryField() {
  return (
    <Field name="expires_at" label="Expires">
      {(described) => (
        <select name="days" defaultValue="90" {...described}>
          <option value="7">in 7 days</option>
          <option value="30">in 30 days</option>
          <option value="90">in 90 days</option>
          <option value="365">in a year</option>
          <option value="">never</option>
        </select>
      )}
    </Field>
  );
}

/** Expiry that was chosen; null: never. */
export function readExpiry(form: FormData): string | null {
  const days = Number(form.get('days'));
  return days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString();
}
