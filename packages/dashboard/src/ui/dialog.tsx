import { type SubmitEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ErrorNote } from './parts.js';

interface DialogProps {
  title: string;
  /** Label of the button that does it. */
  action: string;
  /** The action cannot be undone. */
  dangerous?: boolean;
  onClose: () => void;
  onSubmit: (form: FormData) => Promise<void>;
  children: ReactNode;
}

/** A modal form. It stays open with the reason if the action fails. */
export function FormDialog({ title, action, dangerous = false, onClose, onSubmit, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [error, setError] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setSending(true);
    setError(null);
    onSubmit(new FormData(event.currentTarget))
      .then(onClose, setError)
      .finally(() => {
        setSending(false);
      });
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={heading}>{title}</h2>
        {children}
        {error !== null && <ErrorNote error={error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button
            type="submit"
            className={`button ${dangerous ? 'button-danger' : 'button-primary'}`}
            disabled={isSending}
          >
            {isSending ? 'Sending…' : action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
