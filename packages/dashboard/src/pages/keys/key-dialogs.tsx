import { useQueryClient } from '@tanstack/react-query';
import {
  type ApiKey,
  apiKeysQuery,
  createKey,
  isOwnKey,
  KEY_PROPAGATION_MS,
  revokeKey,
  rotateKey,
} from '../../api/api-keys.js';
import { setApiKey } from '../../api/session.js';
import type { Scope } from '../../api/types.js';
import { AgentsField, readAgents } from '../../ui/agents-field.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { OverlapField } from '../../ui/overlap-field.js';
import { Code } from '../../ui/parts.js';
import { useShowSecret } from '../../ui/secret.js';
import { ExpiryField, readExpiry } from './expiry-field.js';

interface KeyDialogProps {
  apiKey: ApiKey;
  onClose: () => void;
}

/** Shows a new key once. If it replaces what the session sends, the session continues with it. */
function useShowKey() {
  const client = useQueryClient();
  const showSecret = useShowSecret();
  return (title: string, key: string, isAdopted: boolean): void => {
    const usable = new Promise((resolve) => setTimeout(resolve, KEY_PROPAGATION_MS));
    showSecret({
      title,
      label: 'Key',
      secret: key,
      children: <Code>{`curl -H "Authorization: Bearer $KEY" ${new URL('api/caller', document.baseURI).href}`}</Code>,
      onClose: () => {
        if (isAdopted) {
          void usable.then(() => {
            setApiKey(key);
          });
        }
      },
    });
    if (!isAdopted) void client.invalidateQueries(apiKeysQuery());
  };
}

const SCOPES: readonly (readonly [Scope, string])[] = [
  ['read', 'read'],
  ['write', 'write: also record results'],
  ['admin', 'admin: everything'],
];

/** @param isFirst no key exists, and none is required until then */
export function CreateKeyDialog({ isFirst, onClose }: { isFirst: boolean; onClose: () => void }) {
  const showKey = useShowKey();
  const submit = async (form: FormData): Promise<void> => {
    const scope = form.get('scope') as Scope;
    const agents = readAgents(form);
    const name = (form.get('name') as string).trim();
    const key = await createKey({ name, scope, agents, expires_at: readExpiry(form) });
    showKey('The key was created', key, isFirst && scope === 'admin');
  };
  return (
    <FormDialog
      title="Create a key"
      action="Create"
      fields={['name', 'scope', 'agents', 'expires_at']}
      onClose={onClose}
      onSubmit={submit}
    >
      {isFirst && (
        <p className="notice notice-warn">
          <strong>This is the first key.</strong> Every request will require a key, also from this machine. Create one
          with the scope admin first: this session continues with it.
        </p>
      )}
      <Field name="name" label="Name" hint="Recorded with each event. Letters, digits and . _ @ -">
        {(described) => <input name="name" required maxLength={64} autoComplete="off" {...described} />}
      </Field>
      <Field name="scope" label="Scope">
        {(described) => (
          <select name="scope" defaultValue={isFirst ? 'admin' : 'read'} {...described}>
            {SCOPES.map(([scope, label]) => (
              <option key={scope} value={scope}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <AgentsField />
      <ExpiryField />
    </FormDialog>
  );
}

export function RotateKeyDialog({ apiKey, onClose }: KeyDialogProps) {
  const showKey = useShowKey();
  const submit = async (form: FormData): Promise<void> => {
    const rotation = { overlap_seconds: Number(form.get('overlap_seconds')), expires_at: readExpiry(form) };
    const isOwn = isOwnKey(apiKey);
    showKey('The key was rotated', await rotateKey(apiKey.name, rotation), isOwn);
  };
  return (
    <FormDialog
      title={`Rotate ${apiKey.name}`}
      action="Rotate"
      dangerous
      fields={['overlap_seconds', 'expires_at']}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>
        Creates a key with the same name, scope and agents. The previous key remains valid during the overlap.
        {isOwnKey(apiKey) && ' This session continues with the new key.'}
      </p>
      <OverlapField />
      <ExpiryField />
    </FormDialog>
  );
}

export function RevokeDialog({ apiKey, onClose }: KeyDialogProps) {
  const client = useQueryClient();
  const submit = async (): Promise<void> => {
    await revokeKey(apiKey.id);
    // The next request of this session is refused otherwise, and states a fault of the key.
    if (isOwnKey(apiKey)) setApiKey(null);
    else await client.invalidateQueries(apiKeysQuery());
  };
  return (
    <FormDialog title={`Revoke ${apiKey.name}`} action="Revoke" dangerous onClose={onClose} onSubmit={submit}>
      <p>
        Requests with this key are refused after at most one second. This cannot be undone.
        {isOwnKey(apiKey) && <strong> This session uses the key, and will ask for another one.</strong>}
      </p>
    </FormDialog>
  );
}
