import { useQuery } from '@tanstack/react-query';
import { ApiError, request } from '../api/client.js';
import { Badge, Code, Empty, ErrorNote, Skeleton } from '../ui/parts.js';
import { useTitle } from '../ui/use-title.js';

interface Webhook {
  id: string;
  url: string;
  types?: string[] | null;
  agents?: string[] | null;
  status?: string;
}

const webhooksQuery = {
  queryKey: ['all', 'webhooks'],
  queryFn: async () => (await request<{ webhooks: Webhook[] }>('api/webhooks')).webhooks,
  retry: false,
};

export function WebhooksPage() {
  useTitle('Webhooks');
  const { data, error, isPending } = useQuery(webhooksQuery);
  const isAbsent = error instanceof ApiError && error.status === 404;
  return (
    <>
      <div className="page-head">
        <h1>Webhooks</h1>
      </div>
      {isPending && <Skeleton />}
      {isAbsent && (
        <Empty title="This service has no webhooks">
          <p>Programs can read new events from the API:</p>
          <Code>{`curl -N ${new URL('api/feed', document.baseURI).href}`}</Code>
        </Empty>
      )}
      {error && !isAbsent && <ErrorNote error={error} />}
      {data?.length === 0 && (
        <Empty title="No webhook yet">
          <p>Create one:</p>
          <Code>{`curl -X POST ${new URL('api/webhooks', document.baseURI).href} \\
  -H 'content-type: application/json' -d '{"url": "https://example.com/hook"}'`}</Code>
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className="plain-list">
          {data.map(({ id, url, types, status }) => (
            <li key={id} className="panel">
              <strong>{url}</strong> {status !== undefined && <Badge>{status}</Badge>}
              <p className="muted">{types?.join(', ') ?? 'all events'}</p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
