import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiKey, apiKeysQuery, isOwnKey } from '../../api/api-keys.js';
import { Ago, Badge, Empty, ErrorNote, Segmented, Skeleton } from '../../ui/parts.js';
import { useParam } from '../../ui/use-param.js';
import { CreateKeyDialog, RevokeDialog, RotateKeyDialog } from './key-dialogs.js';

const TONES = { valid: 'good', rotated: 'warn', expired: 'neutral', revoked: 'neutral' } as const;
const VIEWS = [
  ['', 'Current'],
  ['all', 'All'],
] as const;

type Open = { dialog: 'create' } | { dialog: 'rotate' | 'revoke'; apiKey: ApiKey };

const isCurrent = ({ state }: ApiKey): boolean => state === 'valid' || state === 'rotated';

/** All keys, with what can be done with them. */
export function KeyList() {
  const { data: apiKeys, error, refetch } = useQuery(apiKeysQuery());
  const [param, setView] = useParam('keys');
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => {
    setOpen(null);
  };
  const view = param === 'all' ? 'all' : '';
  const shown = apiKeys?.filter((apiKey) => view === 'all' || isCurrent(apiKey)) ?? [];
  return (
    <section className="stack">
      <div className="panel-head">
        <h2>Manage keys</h2>
        <div className="actions">
          <Segmented<'' | 'all'> label="Keys" value={view} options={VIEWS} onChange={setView} />
          <button
            type="button"
            className="button button-primary"
            onClick={() => {
              setOpen({ dialog: 'create' });
            }}
          >
            Create a key
          </button>
        </div>
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!apiKeys && !error && <Skeleton />}
      {apiKeys && shown.length === 0 && (
        <Empty title={apiKeys.length === 0 ? 'No key yet' : 'No current key'}>
          <p>
            {apiKeys.length === 0
              ? 'Requests from this machine need none. As soon as one key exists, every request requires a key.'
              : 'Every request requires a key. Create one, or show all.'}
          </p>
        </Empty>
      )}
      {shown.length > 0 && <KeyTable apiKeys={shown} onOpen={setOpen} />}
      {open?.dialog === 'create' && <CreateKeyDialog isFirst={apiKeys?.length === 0} onClose={close} />}
      {open?.dialog === 'rotate' && <RotateKeyDialog apiKey={open.apiKey} onClose={close} />}
      {open?.dialog === 'revoke' && <RevokeDialog apiKey={open.apiKey} onClose={close} />}
    </section>
  );
}

function KeyTable({ apiKeys, onOpen }: { apiKeys: readonly ApiKey[]; onOpen: (open: Open) => void }) {
  return (
    <div className="table-scroll panel" tabIndex={0} role="region" aria-label="Keys">
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>State</th>
            <th>Scope</th>
            <th>Agents</th>
            <th>Created</th>
            <th>Expires</th>
            <th>Last used</th>
            <th>Actions</th>
          </tr>
        </thead>
        <tbody>
          {apiKeys.map((apiKey) => (
            <KeyRow key={apiKey.id} apiKey={apiKey} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KeyRow({ apiKey, onOpen }: { apiKey: ApiKey; onOpen: (open: Open) => void }) {
  const { name, state, scope, agents, created_at, expires_at, last_used_at } = apiKey;
  return (
    <tr>
      <th scope="row">
        {name} {isOwnKey(apiKey) && <Badge tone="accent">this session</Badge>}
      </th>
      <td>
        <Badge tone={TONES[state]}>{state}</Badge>
      </td>
      <td>{scope}</td>
      <td className="key-agents">{agents?.join(', ') ?? 'all'}</td>
      <td>
        <Ago time={created_at} />
      </td>
      <td>{expires_at === null ? 'never' : <Ago time={expires_at} />}</td>
      <td>{last_used_at === null ? 'never' : <Ago time={last_used_at} />}</td>
      <td>
        <div className="actions">
          {state === 'valid' && (
            <button
              type="button"
              className="button"
              aria-label={`Rotate ${name}`}
              onClick={() => {
                onOpen({ dialog: 'rotate', apiKey });
              }}
            >
              Rotate
            </button>
          )}
          {isCurrent(apiKey) && (
            <button
              type="button"
              className="button button-warning"
              aria-label={`Revoke ${name}${state === 'rotated' ? ' (rotated)' : ''}`}
              onClick={() => {
                onOpen({ dialog: 'revoke', apiKey });
              }}
            >
              Revoke
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}
