import { useState } from 'react';
import { useMay } from '../../api/queries.js';
import type { LedgerEvent } from '../../api/types.js';
import { formatDecimal, toWords } from '../../format/numbers.js';
import { formatDateTime, formatDuration, formatShortTime } from '../../format/times.js';
import { Badge, Code, Empty, ErrorNote, Skeleton } from '../../ui/parts.js';
import { VoidDialog } from './actions.js';
import { EventFilters, useEventFilters } from './event-filters.js';
import { useEvents } from './use-events.js';

const TESTS = ['passed', 'failed', 'errored'];

/** Results of the agent, newest first, with filters. */
export function History({ name }: { name: string }) {
  const filters = useEventFilters();
  const { events, isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useEvents(
    name,
    filters.query,
  );
  const mayVoid = useMay('admin');
  const [voiding, setVoiding] = useState<LedgerEvent | null>(null);
  const results = events.filter((event) => TESTS.includes(getOutcome(event)));
  return (
    <div className="stack">
      <EventFilters {...filters} />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={8} />}
      {!isPending && !error && results.length === 0 && !hasNextPage && (
        <NoResults name={name} isFiltered={Object.keys(filters.query).length > 0} />
      )}
      {results.length > 0 && (
        <div className="table-scroll panel" tabIndex={0} role="region" aria-label="Results">
          <table className="results">
            <thead>
              <tr>
                <th>Time</th>
                <th>Outcome</th>
                <th className="number">Score</th>
                <th>Category</th>
                <th>Difficulty</th>
                <th className="number">Duration</th>
                <th>Version</th>
                <th>Model</th>
                <th>Run</th>
                <th>Reason</th>
                {mayVoid && <th>Action</th>}
              </tr>
            </thead>
            <tbody>
              {results.map((event) => (
                <ResultRow
                  key={event.version}
                  event={event}
                  onVoid={
                    mayVoid
                      ? () => {
                          setVoiding(event);
                        }
                      : null
                  }
                />
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
          {isFetchingNextPage ? 'Loading…' : 'Show older results'}
        </button>
      )}
      {voiding && (
        <VoidDialog
          name={name}
          event={voiding}
          onClose={() => {
            setVoiding(null);
          }}
        />
      )}
    </div>
  );
}

function getOutcome({ payload }: LedgerEvent): string {
  const { passed, outcome } = payload;
  if (outcome === 'errored') return 'errored';
  return typeof passed === 'boolean' ? (passed ? 'passed' : 'failed') : '';
}

const TONES = { passed: 'good', failed: 'bad', errored: 'warn' } as const;

function ResultRow({ event, onVoid }: { event: LedgerEvent; onVoid: (() => void) | null }) {
  const outcome = getOutcome(event) as keyof typeof TONES;
  const { score, duration, category, difficulty, evidence } = event.payload;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '–');
  return (
    <tr className={event.voided_by === null ? undefined : 'row-voided'}>
      <td>
        <time dateTime={event.occurred_at} title={formatDateTime(event.occurred_at)}>
          {formatShortTime(event.occurred_at)}
        </time>
      </td>
      <td>
        <Badge tone={TONES[outcome]}>{outcome}</Badge> {event.voided_by !== null && <Badge>voided</Badge>}
      </td>
      <td className="number">{formatDecimal(typeof score === 'number' ? score : null)}</td>
      <td>{typeof category === 'string' ? toWords(category) : toWords(event.type)}</td>
      <td>{text(difficulty)}</td>
      <td className="number">{typeof duration === 'number' ? formatDuration(duration) : '–'}</td>
      <td>{evidence?.agent_version ?? '–'}</td>
      <td>{evidence?.model ?? '–'}</td>
      <td>
        {evidence?.url !== undefined && /^https?:/.test(evidence.url) ? (
          <a href={evidence.url} rel="noreferrer noopener" target="_blank">
            {evidence.run_id ?? 'open'}
          </a>
        ) : (
          (evidence?.run_id ?? '–')
        )}
      </td>
      <td className="reason" title={evidence?.reason}>
        {evidence?.reason ?? '–'}
      </td>
      {onVoid && (
        <td className="quiet-cell">
          {event.voided_by === null && (
            <button
              type="button"
              className="button button-quiet"
              onClick={onVoid}
              aria-label={`Void event ${event.version}`}
            >
              Void
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

function NoResults({ name, isFiltered }: { name: string; isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No result matches">{<p>Filters are compared exactly. Remove one.</p>}</Empty>;
  return (
    <Empty title="No result yet">
      <Code>{`curl -X POST ${new URL(`api/agent-metrics/${encodeURIComponent(name)}/custody-test`, document.baseURI).href} \\
  -H 'content-type: application/json' \\
  -d '{"passed": true, "score": 95, "duration": 12}'`}</Code>
    </Empty>
  );
}
