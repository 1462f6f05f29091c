import { type ReactNode, useState } from 'react';
import { type Attempt, type Endpoint, sendTest, type TestDelivery } from '../../api/webhooks.js';
import { formatInteger } from '../../format/numbers.js';
import { ErrorNote } from '../../ui/parts.js';
import { useAction } from '../../ui/use-action.js';
import { DeleteDialog, ReplayDialog, RotateDialog } from './dialogs.js';
import { EditDialog } from './endpoint-form.js';
import { useEnable } from './endpoint-state.js';

const DIALOGS = { edit: EditDialog, replay: ReplayDialog, rotate: RotateDialog, delete: DeleteDialog };
const LABELS = { edit: 'Edit…', replay: 'Replay…', rotate: 'Rotate secret…', delete: 'Delete…' };
type DialogName = keyof typeof DIALOGS;

/** Actions on an endpoint, and the result of a test message. */
export function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const [open, setOpen] = useState<DialogName | null>(null);
  const [result, setResult] = useState<TestDelivery | null>(null);
  const test = useAction();
  const enabling = useEnable(endpoint);
  const isDisabled = endpoint.state === 'disabled';
  const Dialog = open && DIALOGS[open];
  return (
    <div>
      <div className="actions actions-wrap">
        <button
          type="button"
          className="button button-primary"
          aria-disabled={test.isRunning}
          onClick={() => {
            setResult(null);
            test.run(async () => {
              setResult(await sendTest(endpoint.id));
            });
          }}
        >
          {test.isRunning ? 'Sending…' : 'Send a test'}
        </button>
        <button
          type="button"
          className="button"
          aria-disabled={enabling.isRunning}
          onClick={() => {
            enabling.setEnabled(isDisabled);
          }}
        >
          {isDisabled ? 'Enable' : 'Disable'}
        </button>
        {(Object.keys(DIALOGS) as DialogName[]).map((name) => (
          <button
            key={name}
            type="button"
            className={`button ${name === 'delete' ? 'button-warning' : ''}`}
            onClick={() => {
              setOpen(name);
            }}
          >
            {LABELS[name]}
          </button>
        ))}
      </div>
      {[test.error, enabling.error].map((error, index) => error !== null && <ErrorNote key={index} error={error} />)}
      <div role="status" className="test-result">
        {result && (
          <Notice tone={result.delivered ? 'good' : 'bad'}>
            <strong>
              {result.delivered ? 'The test message was delivered.' : 'The test message was not delivered.'}
            </strong>{' '}
            {describeAttempt(result)} <code className="breakable">{result.message_id}</code>
          </Notice>
        )}
      </div>
      {Dialog && (
        <Dialog
          endpoint={endpoint}
          onClose={() => {
            setOpen(null);
          }}
        />
      )}
    </div>
  );
}

function Notice({ tone, children }: { tone: 'good' | 'bad'; children: ReactNode }) {
  return <p className={`notice notice-${tone}`}>{children}</p>;
}

function describeAttempt({ error, status_code, duration_ms }: Attempt): string {
  const outcome = error ?? `The response status is ${String(status_code)}.`;
  return `${outcome} Duration: ${formatInteger(duration_ms)} ms.`;
}
