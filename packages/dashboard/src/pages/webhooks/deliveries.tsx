import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { deliveriesQuery, type Delivery, type DeliveryState } from '../../api/webhooks.js';
import { formatInteger, NONE } from '../../format/numbers.js';
import { formatDateTime, formatShortTime } from '../../format/times.js';
import { Badge, Empty, ErrorNote, Segmented, Skeleton } from '../../ui/parts.js';
import { useParam } from '../../ui/use-param.js';

const STATES = [
  ['', 'All'],
  ['delivered', 'Delivered'],
  ['failing', 'Failing'],
  ['queued', 'Queued'],
] as const;
const TONES = { delivered: 'good', failing: 'bad', queued: 'accent' } as const;

/** The delivery log, newest attempt first. It is read again while it is shown. */
export function Deliveries({ id }: { id: string }) {
  const [param, setState] = useParam('state');
  const state = STATES.find(([name]) => name === param)?.[0] ?? '';
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    deliveriesQuery(id, state),
  );
  const deliveries = data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <section className="stack">
      <div className="panel-head">
        <h2>Deliveries</h2>
        <Segmented<'' | DeliveryState> label="State" value={state} options={STATES} onChange={setState} />
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={5} />}
      {data && deliveries.length === 0 && <NoDelivery isFiltered={state !== ''} />}
      {deliveries.length > 0 && (
        <div className="table-scroll panel" tabIndex={0} role="region" aria-label="Deliveries">
          <table>
            <thead>
              <tr>
                <th>Last attempt</th>
                <th>State</th>
                <th>Type</th>
                <th>Agent</th>
                <th className="number">Attempts</th>
                <th className="number">Status</th>
                <th className="number">Duration</th>
                <th>Error</th>
                <th>Message id</th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => (
                <DeliveryRow key={delivery.message_id} delivery={delivery} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <button
          type="button"
          className="button more"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {isFetchingNextPage ? 'Loading…' : 'Show older deliveries'}
        </button>
      )}
    </section>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { message_id, type, agent_type, version, state, attempts, status_code, duration_ms, error } = delivery;
  return (
    <tr>
      <td>
        <time dateTime={delivery.last_attempt_at} title={formatDateTime(delivery.last_attempt_at)}>
          {formatShortTime(delivery.last_attempt_at)}
        </time>
      </td>
      <td>
        <Badge tone={TONES[state]}>{state}</Badge>
      </td>
      <td>{type}</td>
      <td>
        <Link href={`/agents/${encodeURIComponent(agent_type)}`}>{agent_type}</Link>{' '}
        <span className="muted">version {formatInteger(version)}</span>
      </td>
      <td className="number">{formatInteger(attempts)}</td>
      <td className="number">{status_code ?? NONE}</td>
      <td className="number">{formatInteger(duration_ms)} ms</td>
      <td className={error === null ? undefined : 'delivery-error'}>{error ?? NONE}</td>
      <td>
        <code>{message_id}</code>
      </td>
    </tr>
  );
}

function NoDelivery({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No delivery has this state" />;
  return (
    <Empty title="No delivery yet">
      <p>A message is sent when an event of its type is recorded. Test messages are not in this log.</p>
    </Empty>
  );
}
