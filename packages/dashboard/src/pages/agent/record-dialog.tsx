import { useState } from 'react';
import { newIdempotencyKey, request } from '../../api/client.js';
import { DIFFICULTIES } from '../../../../../src/progression/index.js';
import { FormDialog } from '../../ui/dialog.js';
import { useChanged } from './use-changed.js';

/** Evidence fields of the form. */
const EVIDENCE = [
  ['agent_version', 'Version'],
  ['model', 'Model'],
  ['run_id', 'Run'],
  ['reason', 'Reason'],
] as const;

/** Records the result of a custody test. Sent again after a failure, it is recorded once. */
export function RecordDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const changed = useChanged(name);
  const [idempotencyKey] = useState(newIdempotencyKey);
  const submit = async (form: FormData): Promise<void> => {
    const text = (field: string): string | undefined => (form.get(field) as string).trim() || undefined;
    // Members that are undefined are not sent.
    const evidence = Object.fromEntries(EVIDENCE.map(([field]) => [field, text(field)] as const));
    const body = {
      passed: form.get('passed') === 'true',
      score: Number(form.get('score')),
      duration: Number(form.get('duration')),
      category: text('category'),
      difficulty: text('difficulty'),
      ...(Object.values(evidence).some((value) => value !== undefined) && { evidence }),
    };
    const path = `api/agent-metrics/${encodeURIComponent(name)}/custody-test`;
    const headers = { 'idempotency-key': idempotencyKey };
    await request(path, { method: 'POST', body, headers });
    changed();
  };
  return (
    <FormDialog title={`Record a test of ${name}`} action="Record" onClose={onClose} onSubmit={submit}>
      <div className="form-grid">
        <label className="field">
          <span>Outcome</span>
          <select name="passed">
            <option value="true">passed</option>
            <option value="false">failed</option>
          </select>
        </label>
        <label className="field">
          <span>Score, 0–100</span>
          <input name="score" type="number" min={0} max={100} step="any" required />
        </label>
        <label className="field">
          <span>Duration in seconds</span>
          <input name="duration" type="number" min={0} step="any" required />
        </label>
        <label className="field">
          <span>Difficulty</span>
          <select name="difficulty">
            <option value="">current</option>
            {DIFFICULTIES.map((difficulty) => (
              <option key={difficulty}>{difficulty}</option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>Category</span>
          <input name="category" pattern="[a-z][a-z0-9_]{0,49}" title="Lower-case letters, digits and underscores" />
        </label>
        {EVIDENCE.map(([field, label]) => (
          <label key={field} className="field">
            <span>{label}</span>
            <input name={field} maxLength={255} />
          </label>
        ))}
      </div>
    </FormDialog>
  );
}
