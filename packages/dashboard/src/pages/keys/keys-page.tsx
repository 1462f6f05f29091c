import { useQuery } from '@tanstack/react-query';
import { callerQuery, isAdminOfAll } from '../../api/queries.js';
import type { Caller, Scope } from '../../api/types.js';
import { Badge, Code, ErrorNote, Skeleton } from '../../ui/parts.js';
import { useTitle } from '../../ui/use-title.js';
import { KeyList } from './key-list.js';

const MAY: Record<Scope, string> = {
  read: 'Read agents, results and the ledger.',
  write: 'Read, and record results.',
  admin: 'Read, record results, void events, reset agents, and manage webhooks and keys.',
};

/** Scope and agents of the current key. Administrators of all agents also see all keys. */
export default function KeysPage() {
  useTitle('Keys');
  const { data: caller, error } = useQuery(callerQuery());
  return (
    <>
      <div className="page-head">
        <h1>Keys</h1>
      </div>
      {error && <ErrorNote error={error} />}
      {!caller && !error && <Skeleton />}
      <div className="columns">
        {caller && <Session caller={caller} />}
        <CliCommands />
      </div>
      {caller && isAdminOfAll(caller) && <KeyList />}
    </>
  );
}

function Session({ caller }: { caller: Caller }) {
  return (
    <section className="panel">
      <h2>This session</h2>
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
      {!isAdminOfAll(caller) && (
        <p className="muted">A key with the scope admin that is not limited to some agents can manage keys here.</p>
      )}
    </section>
  );
}

function CliCommands() {
  return (
    <section className="panel">
      <h2>From a terminal</h2>
      <Code>{`npm run cli -- keys create --name ci --scope write --expires 90d
npm run cli -- keys list
npm run cli -- keys rotate ci --overlap 1d
npm run cli -- keys revoke ci`}</Code>
    </section>
  );
}
