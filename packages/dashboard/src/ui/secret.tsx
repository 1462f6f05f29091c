import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { CopyText } from './copy-text.js';
import { Modal } from './dialog.js';

interface Shown {
  title: string;
  /** `Secret` or `Key`. */
  label: string;
  secret: string;
  /** How it is used. */
  children: ReactNode;
  onClose?: () => void;
}

const ShowSecret = createContext<(shown: Shown) => unknown>(() => undefined);

/** Function that shows a new secret, once. */
export const useShowSecret = (): ((shown: Shown) => unknown) => useContext(ShowSecret);

/** Shows new secrets above the page, also if the page then asks for a key. They are kept in memory until they are closed. */
export function SecretProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown | null>(null);
  // The form that created the secret is closed first, and returns the focus.
  const show = useCallback((next: Shown) => setTimeout(setShown, 0, next), []);
  return (
    <ShowSecret value={show}>
      {children}
      {shown && (
        <Modal
          title={shown.title}
          isKept
          onClose={() => {
            setShown(null);
            shown.onClose?.();
          }}
        >
          {(close) => (
            <>
              <p className="notice notice-warn">
                <strong>It is shown once.</strong> Store it now: it cannot be read later.
              </p>
              <CopyText label={shown.label} text={shown.secret} />
              {shown.children}
              <div className="dialog-actions">
                <button type="button" className="button button-primary" onClick={close}>
                  I have stored it
                </button>
              </div>
            </>
          )}
        </Modal>
      )}
    </ShowSecret>
  );
}
