import { type ReactNode, type SubmitEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client.js';
import { FieldErrors } from './field.js';
import { ErrorNote } from './parts.js';

interface ModalProps {
  title: string;
  /** Escape does not close it. */
  isKept?: boolean;
  onClose: () => void;
  children: (close: () => void) => ReactNode;
}

/** A modal dialog. The element that opened it has the focus afterwards. */
export function Modal({ title, isKept = false, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        if (isKept) event.preventDefault();
      }}
      onClose={({ currentTarget }) => {
        if (!currentTarget.open) onClose();
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children(() => dialog.current?.close())}
    </dialog>
  );
}

interface FormDialogProps {
  title: string;
  /** Label of the button that does it. */
  action: string;
  /** The action cannot be undone. */
  dangerous?: boolean;
  /** Names of the fields that show their errors themselves: children with `Field`. */
  fields?: readonly string[];
  onClose: () => void;
  onSubmit: (form: FormData) => Promise<void>;
  children: ReactNode;
}

/** A modal form. It stays open with the reason if the action fails. */
export function FormDialog({
  title,
  action,
  dangerous = false,
  fields = [],
  onClose,
  onSubmit,
  children,
}: FormDialogProps) {
  const [error, setError] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isSending) return;
    const form = event.currentTarget;
    setSending(true);
    setError(null);
    onSubmit(new FormData(form))
      .then(onClose, (cause: unknown) => {
        setError(cause);
        requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
      })
      .finally(() => {
        setSending(false);
      });
  };
  const errors = error instanceof ApiError ? error.errors : [];
  const others = errors.filter(({ field }) => !fields.includes(field.split('.', 1)[0] ?? ''));
  return (
    <Modal title={title} onClose={onClose}>
      {(close) => (
        <form onSubmit={submit}>
          <FieldErrors value={errors}>{children}</FieldErrors>
          {error !== null && <ErrorNote error={error} errors={others} />}
          <div className="dialog-actions">
            <button type="button" className="button" onClick={close}>
              Cancel
            </button>
            <button
              type="submit"
              className={`button ${dangerous ? 'button-danger' : 'button-primary'}`}
              aria-disabled={isSending}
            >
              {isSending ? 'Sending…' : action}
            </button>
          </div>
        </form>
      )}
    </Modal>
  );
}
