import { createContext, type ReactNode, useContext, useId } from 'react';
import type { ApiError } from '../api/client.js';

/** Errors of the last request of the form. */
export const FieldErrors = createContext<ApiError['errors']>([]);

/** Attributes that connect a control with its hint and its errors. */
export interface Described {
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface FieldProps {
  /** Name of the field in the request. */
  name: string;
  label: string;
  hint?: ReactNode;
  /** The control, or several. */
  children: (attributes: Described) => ReactNode;
  /** The field has several controls. */
  isGroup?: boolean;
}

/** A field of a form, with its hint, and the errors that the service found in it. */
export function Field({ name, label, hint, children, isGroup = false }: FieldProps) {
  const id = useId();
  const errors = useContext(FieldErrors).filter(({ field }) => field === name || field.startsWith(`${name}.`));
  const description = hint !== undefined || errors.length > 0 ? id : undefined;
  const control = children({
    'aria-describedby': isGroup ? undefined : description,
    'aria-invalid': errors.length > 0 || undefined,
  });
  const notes = description !== undefined && (
    <div id={description}>
      {hint !== undefined && <p className="field-hint">{hint}</p>}
      {errors.map(({ field, detail }) => (
        <p key={field + detail} className="field-error">
          {toPlace(field, name)}
          {detail}
        </p>
      ))}
    </div>
  );
  if (isGroup) {
    return (
      <fieldset className="field" aria-describedby={description}>
        <legend>{label}</legend>
        {control}
        {notes}
      </fieldset>
    );
  }
  return (
    <div className="field">
      <label className="field">
        <span>{label}</span>
        {control}
      </label>
      {notes}
    </div>
  );
}

/** `Entry 2: ` of an error in the second element of a list. */
function toPlace(field: string, name: string): string {
  const index = Number(field.slice(name.length + 1));
  return field === name || Number.isNaN(index) ? '' : `Entry ${index + 1}: `;
}
