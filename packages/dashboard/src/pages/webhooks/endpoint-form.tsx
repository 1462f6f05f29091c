import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import {
  createEndpoint,
  type Endpoint,
  type EndpointChanges,
  MESSAGE_TYPES,
  type MessageType,
  updateEndpoint,
  webhooksKey,
} from '../../api/webhooks.js';
import { AgentsField, readAgents } from '../../ui/agents-field.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { useShowSecret } from '../../ui/secret.js';
import { VerifySnippet } from './verify-snippet.js';

const FIELDS = ['url', 'description', 'types', 'agents', 'score_tests', 'score_drop'];
const NEW_TYPES: readonly MessageType[] = ['test.failed', 'eligibility.changed'];
const TYPES = Object.entries(MESSAGE_TYPES) as [MessageType, string][];

/** Creates an endpoint, shows its secret, and then the endpoint. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const showSecret = useShowSecret();
  const [, navigate] = useLocation();
  const submit = async (form: FormData): Promise<void> => {
    const { endpoint, secret } = await createEndpoint(toChanges(form));
    await client.invalidateQueries({ queryKey: webhooksKey });
    navigate(`/webhooks?endpoint=${endpoint.id}`);
    showSecret({ title: 'The endpoint was created', label: 'Secret', secret, children: <VerifySnippet /> });
  };
  return (
    <FormDialog title="Create an endpoint" action="Create" fields={FIELDS} onClose={onClose} onSubmit={submit}>
      <EndpointFields />
    </FormDialog>
  );
}

export function EditDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const client = useQueryClient();
  const submit = async (form: FormData): Promise<void> => {
    await updateEndpoint(endpoint.id, toChanges(form));
    await client.invalidateQueries({ queryKey: webhooksKey });
  };
  return (
    <FormDialog title="Edit the endpoint" action="Save" fields={FIELDS} onClose={onClose} onSubmit={submit}>
      <EndpointFields endpoint={endpoint} />
    </FormDialog>
  );
}

function toChanges(form: FormData): EndpointChanges {
  const text = (name: string): string => (form.get(name) as string).trim();
  return {
    url: text('url'),
    description: text('description') || null,
    types: form.getAll('types') as MessageType[],
    agents: readAgents(form),
    ...(form.has('score_tests') && {
      score_tests: Number(text('score_tests')),
      score_drop: Number(text('score_drop')) / 100,
    }),
  };
}

function EndpointFields({ endpoint }: { endpoint?: Endpoint }) {
  const [types, setTypes] = useState(endpoint?.types ?? NEW_TYPES);
  return (
    <>
      <Field name="url" label="URL" hint="An https address that is reachable from the service.">
        {(described) => (
          <input
            name="url"
            type="url"
            required
            maxLength={2000}
            placeholder="https://example.com/lvlup"
            defaultValue={endpoint?.url}
            {...described}
          />
        )}
      </Field>
      <Field name="description" label="Description">
        {(described) => (
          <input name="description" maxLength={500} defaultValue={endpoint?.description ?? ''} {...described} />
        )}
      </Field>
      <Field name="types" label="Messages" isGroup>
        {(described) => (
          <div className="choices">
            {TYPES.map(([type, meaning]) => (
              <label key={type} className="choice">
                <input
                  type="checkbox"
                  name="types"
                  value={type}
                  checked={types.includes(type)}
                  aria-invalid={described['aria-invalid']}
                  onChange={({ target }) => {
                    setTypes(target.checked ? [...types, type] : types.filter((other) => other !== type));
                  }}
                />
                <span>
                  <strong>{type}</strong>
                  <span className="muted">{meaning}</span>
                </span>
              </label>
            ))}
          </div>
        )}
      </Field>
      {types.includes('score.dropped') && <ScoreFields endpoint={endpoint} />}
      <AgentsField agents={endpoint?.agents} />
    </>
  );
}

/** Options of `score.dropped`. */
function ScoreFields({ endpoint }: { endpoint: Endpoint | undefined }) {
  return (
    <div className="form-grid">
      <Field name="score_tests" label="score.dropped: tests" hint="Compared with as many tests before them.">
        {(described) => (
          <input
            name="score_tests"
            type="number"
            min={1}
            required
            defaultValue={endpoint?.score_tests ?? 20}
            {...described}
          />
        )}
      </Field>
      <Field name="score_drop" label="score.dropped: decrease" hint="Percentage points of the pass rate, at least.">
        {(described) => (
          <input
            name="score_drop"
            type="number"
            min={1}
            max={100}
            step="any"
            required
            defaultValue={Number(((endpoint?.score_drop ?? 0.2) * 100).toFixed(6))}
            {...described}
          />
        )}
      </Field>
    </div>
  );
}
