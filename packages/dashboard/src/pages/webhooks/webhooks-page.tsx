import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { callerQuery, isAdminOfAll } from '../../api/queries.js';
import type { Caller } from '../../api/types.js';
import { endpointsQuery } from '../../api/webhooks.js';
import { Badge, Empty, ErrorNote, Skeleton } from '../../ui/parts.js';
import { useTitle } from '../../ui/use-title.js';
import { EndpointList } from './endpoint-list.js';
import { EndpointView } from './endpoint-view.js';

/** Endpoints, or the one of the URL. For administrators of all agents only. */
export default function WebhooksPage() {
  useTitle('Webhooks');
  const { data: caller, error } = useQuery(callerQuery());
  if (error) return <ErrorNote error={error} />;
  if (!caller) return <Skeleton />;
  if (!isAdminOfAll(caller)) return <NotAllowed caller={caller} />;
  return <Endpoints />;
}

function Endpoints() {
  const [params] = useSearchParams();
  const id = params.get('endpoint');
  const { data: endpoints, error, refetch } = useQuery(endpointsQuery());
  // If a later read fails, the data of the previous one is shown.
  if (error && !endpoints) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!endpoints) return <Skeleton lines={6} />;
  const endpoint = endpoints.find((candidate) => candidate.id === id);
  return (
    <>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {id === null && <EndpointList endpoints={endpoints} />}
      {endpoint && <EndpointView key={endpoint.id} endpoint={endpoint} />}
      {id !== null && !endpoint && (
        <Empty isPage title="This endpoint does not exist">
          <p>
            It may have been deleted. <Link href="/webhooks">All endpoints</Link>
          </p>
        </Empty>
      )}
    </>
  );
}

function NotAllowed({ caller }: { caller: Caller }) {
  return (
    <>
      <div className="page-head">
        <h1>Webhooks</h1>
      </div>
      <section className="panel">
        <h2>This key cannot manage webhooks</h2>
        <p>
          Webhooks send messages about agents to other systems. Managing them requires a key with the scope{' '}
          <Badge tone="accent">admin</Badge> that is not limited to some agents.
        </p>
        <p>
          The present key has the scope <Badge>{caller.scope}</Badge>
          {caller.agents !== null && <> and is limited to {caller.agents.join(', ')}</>}.{' '}
          <Link href="/keys">About keys</Link>
        </p>
      </section>
    </>
  );
}
