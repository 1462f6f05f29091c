import { useState } from 'react';
import { newIdempotencyKey, request } from '../../api/client.js';
import { useMay } from '../../api/queries.js';
import type { LedgerEvent, Metrics } from '../../api/types.js';
import { formatInteger, toWords } from '../../format/numbers.js';
import { FormDialog } from '../../ui/dialog.js';
import { RecordDialog } from './record-dialog.js';
import { useChanged } from './use-changed.js';

const path = (name: string): string => `api/agent-metrics/${encodeURIComponent(name)}`;

/** What the caller may do with the agent. */
export function AgentActions({ name, metrics }: { name: string; metrics: Metrics }) {
  const mayWrite = useMay('write');
  const mayReset = useMay('admin');
  const [open, setOpen] = useState<'record' | 'reset' | null>(null);
  const close = (): void => {
    setOpen(null);
  };
  return (
    <div className="actions">
      {mayWrite && (
        <button
          type="button"
          className="button button-primary"
          onClick={() => {
            setOpen('record');
          }}
        >
          Record a test
        </button>
      )}
      {mayReset && (
        <button
          type="button"
          className="button"
          onClick={() => {
            setOpen('reset');
          }}
        >
          Reset…
        </button>
      )}
      {open === 'record' && <RecordDialog name={name} onClose={close} />}
      {open === 'reset' && <ResetDialog name={name} version={metrics.version} onClose={close} />}
    </div>
  );
}

function ResetDialog({ name, version, onClose }: { name: string; version: number; onClose: () => void }) {
  const changed = useChanged(name);
  const submit = async (form: FormData): Promise<void> => {
    if (form.get('confirmation') !== name) throw new Error('The name does not match.');
    const headers = { 'if-match': `"${version}"` };
    const target = form.get('extent') === 'custody' ? `api/custody/agents/${encodeURIComponent(name)}` : path(name);
    await request(`${target}/reset`, { method: 'DELETE', headers });
    changed();
  };
  return (
    <FormDialog title={`Reset ${name}`} action="Reset" dangerous onClose={onClose} onSubmit={submit}>
      <p>Metrics are set to their defaults. The events of the ledger are retained.</p>
      <label className="field">
        <span>Extent</span>
        <select name="extent">
          <option value="all">All metrics</option>
          <option value="custody">Contribution of tests only</option>
        </select>
      </label>
      <label className="field">
        <span>Name of the agent, to confirm</span>
        <input name="confirmation" autoComplete="off" required />
      </label>
    </FormDialog>
  );
}

export function VoidDialog({ name, event, onClose }: { name: string; event: LedgerEvent; onClose: () => void }) {
  const changed = useChanged(name);
  const [idempotencyKey] = useState(newIdempotencyKey);
  const submit = async (form: FormData): Promise<void> => {
    const body = { reason: form.get('reason') };
    const headers = { 'idempotency-key': idempotencyKey };
    await request(`${path(name)}/events/${event.version}/void`, { method: 'POST', body, headers });
    changed();
  };
  return (
    <FormDialog
      title={`Void event ${formatInteger(event.version)}`}
      action="Void"
      dangerous
      onClose={onClose}
      onSubmit={submit}
    >
      <p>
        The {toWords(event.type)} no longer counts. The ledger retains it, and records the reason. This cannot be
        undone.
      </p>
      <label className="field">
        <span>Reason</span>
        <textarea name="reason" rows={3} required maxLength={500} />
      </label>
    </FormDialog>
  );
}
