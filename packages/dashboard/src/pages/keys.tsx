import { useQuery } from '@tanstack/react-query';
import { request } from '../api/client.js';
import { callerQuery } from '../api/queries.js';
import type { Scope } from '../api/types.js';
import { Badge, Code, ErrorNote, Skeleton } from '../ui/parts.js';
import { useTitle } from '../ui/use-title.js';

const MAY: Record<Scope, string> = {
  read: 'Read agents, results and the ledger.',
  write: 'Read, and record results.',
  admin: 'Read, record results, void events, and reset agents.',
};

interface ApiKey {
  id: string;
  name: string;
  scope: Scope;
  agents?: string[] | null;
  expires_at?: string | null;
}

/** Keys over REST. A service without this path manages keys by CLI command. */
const keysQuery = {
  queryKey: ['keys'],
  queryFn: async () => (await request<{ keys: ApiKey[] }>('api/keys')).keys,
  retry: false,
};

export function KeysPage() {
  useTitle('Keys');
  const { data: caller, error } = useQuery(callerQuery());
  const { data: keys } = useQuery(keysQuery);
  return (
    <>
      <div className="page-head">
        <h1>Keys</h1>
      </div>
      <div className="columns">
        <section className="panel">
          <h2>This session</h2>
          {error && <ErrorNote error={error} />}
          {!caller && !error && <Skeleton />}
          {caller && (
            <dl className="facts">
              <dt>Key</dt>
              <dd>{caller.name ?? 'none: requests from this machine are allowed'}</dd>
              <dt>Scope</dt>
              <dd>
                <Badge tone="accent">{caller.scope}</Badge> {MAY[caller.scope]}
              </dd>
              <dt>Agents</dt>
              <dd>{caller.agents === null ? 'all' : caller.agents.join(', ')}</dd>
            </dl>
          )}
        </section>
        {keys && <KeyList keys={keys} />}
        <section className="panel">
          <h2>Manage keys</h2>
          <p>As soon as one key exists, every request requires a key.</p>
          <h3>Create a key</h3>
          <Code>npm run cli -- keys create --name ci --scope write --agents guardian --expires 90d</Code>
          <h3>List keys</h3>
          <Code>npm run cli -- keys list</Code>
          <h3>Revoke a key</h3>
          <Code>npm run cli -- keys revoke ci</Code>
        </section>
      </div>
    </>
  );
}

function KeyList({ keys }: { keys: readonly ApiKey[] }) {
  return (
    <section className="panel">
      <h2>All keys</h2>
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Scope</th>
            <th>Agents</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ id, name, scope, agents }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{scope}</td>
              <td>{agents?.join(', ') ?? 'all'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
