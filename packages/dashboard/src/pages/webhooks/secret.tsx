import { createContext, type ReactNode, useContext, useState } from 'react';
import { CopyText } from '../../ui/copy-text.js';
import { Modal } from '../../ui/dialog.js';
import { Code } from '../../ui/parts.js';

const SNIPPET = `import { Webhook } from 'standardwebhooks';

// body: the text of the request, as it was received
const webhook = new Webhook(process.env.LVLUP_WEBHOOK_SECRET);
const { type, data } = webhook.verify(body, headers);`;

interface Shown {
  title: string;
  secret: string;
}

const ShowSecret = createContext<(shown: Shown) => void>(() => undefined);

/** Function that shows a new secret, once. */
export const useShowSecret = (): ((shown: Shown) => void) => useContext(ShowSecret);

/** Shows new secrets above the page. They are kept in memory until the dialog is closed. */
export function SecretProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <ShowSecret value={setShown}>
      {children}
      {shown && (
        <Modal
          title={shown.title}
          isKept
          onClose={() => {
            setShown(null);
          }}
        >
          {(close) => (
            <>
              <p className="notice notice-warn">
                <strong>This secret is shown once.</strong> Copy it into the configuration of the receiver, which
                verifies the signatures with it.
              </p>
              <CopyText label="Secret" text={shown.secret} />
              <h3>Verify a message</h3>
              <Code>{SNIPPET}</Code>
              <p className="muted">
                Libraries for other languages: <a href="https://www.standardwebhooks.com">Standard Webhooks</a>
              </p>
              <div className="dialog-actions">
                <button type="button" className="button button-primary" onClick={close}>
                  I have stored the secret
                </button>
              </div>
            </>
          )}
        </Modal>
      )}
    </ShowSecret>
  );
}
