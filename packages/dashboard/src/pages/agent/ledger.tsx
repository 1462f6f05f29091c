import type { LedgerEvent, Metrics } from '../../api/types.js';
import { describeEvent } from '../../format/events.js';
import { formatCount, formatInteger, toWords } from '../../format/numbers.js';
import { formatDateTime } from '../../format/times.js';
import { Badge, Code, ErrorNote, Skeleton } from '../../ui/parts.js';
import { useParam } from '../../ui/use-param.js';
import { useEvents } from './use-events.js';
import { checkLinks } from './check-links.js';

const TYPES = [
  'custody_test',
  'adversarial_test',
  'learning',
  'custody_xp',
  'updated',
  'voided',
  'reset',
  'imported',
  'created',
];

/** Events with their place in the hash chain. */
export function Ledger({ name, metrics }: { name: string; metrics: Metrics }) {
  const [type, setType] = useParam('type');
  const { events, isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useEvents(name, {
    type,
  });
  const broken = checkLinks(events);
  return (
    <div className="stack">
      <div className="panel chain">
        <h2>
          Hash chain <Badge tone={broken === null ? 'good' : 'bad'}>{broken === null ? 'links match' : 'broken'}</Badge>
        </h2>
        <p>
          {broken === null
            ? `Each of the ${formatCount(events.length, 'loaded event')} contains the hash of the previous one.`
            : `Event ${formatInteger(broken)} does not contain the hash of the previous one.`}{' '}
          Head: version {formatInteger(metrics.version)}, <code className="hash">{metrics.ledger_hash}</code>
        </p>
        <p className="muted">The hashes themselves, and every number, are verified by:</p>
        <Code>{`npm run cli -- verify`}</Code>
      </div>
      <div className="toolbar">
        <label className="inline-field">
          <span>Type</span>
          <select
            value={type}
            onChange={({ target }) => {
              setType(target.value);
            }}
          >
            <option value="">all</option>
            {TYPES.map((value) => (
              <option key={value} value={value}>
                {toWords(value)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={8} />}
      <ol className="events">
        {events.map((event) => (
          <Event key={event.version} event={event} />
        ))}
      </ol>
      {hasNextPage && (
        <button
          type="button"
          className="button more"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {isFetchingNextPage ? 'Loading…' : 'Show older events'}
        </button>
      )}
    </div>
  );
}

function Event({ event }: { event: LedgerEvent }) {
  const { evidence, ...payload } = event.payload;
  return (
    <li>
      <details className="event">
        <summary>
          <span className="event-version">{formatInteger(event.version)}</span>
          <span className="event-type">{toWords(event.type)}</span>
          {describeEvent(event) !== toWords(event.type) && <span className="muted">{describeEvent(event)}</span>}
          {event.voided_by !== null && <Badge>voided by {formatInteger(event.voided_by)}</Badge>}
          <span className="muted event-time">{formatDateTime(event.recorded_at)}</span>
          <code className="hash hash-short">{event.hash.slice(0, 12)}</code>
        </summary>
        <dl className="facts">
          <dt>Hash</dt>
          <dd>
            <code className="hash">{event.hash}</code>
          </dd>
          <dt>Previous</dt>
          <dd>
            <code className="hash">{event.prev_hash ?? 'none: the first event'}</code>
          </dd>
          <dt>Actor</dt>
          <dd>{event.actor ?? 'anonymous'}</dd>
          <dt>Occurred</dt>
          <dd>{formatDateTime(event.occurred_at)}</dd>
          {event.idempotency_key !== null && (
            <>
              <dt>Idempotency key</dt>
              <dd>{event.idempotency_key}</dd>
            </>
          )}
        </dl>
        {evidence && (
          <>
            <h3>Evidence</h3>
            <Code>{JSON.stringify(evidence, null, 2)}</Code>
          </>
        )}
        <h3>Payload</h3>
        <Code>{JSON.stringify(payload, null, 2)}</Code>
      </details>
    </li>
  );
}
