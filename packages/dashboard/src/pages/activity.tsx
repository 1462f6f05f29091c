import { Link } from 'wouter';
import { useLive } from '../api/live.js';
import type { FeedEvent } from '../api/types.js';
import { describeEvent } from '../format/events.js';
import { Ago } from '../ui/parts.js';

const SHOWN = 14;

/** The newest events of the feed. */
export function Activity() {
  const { state, recent } = useLive();
  if (state === 'absent') return null;
  return (
    <aside className="panel activity" aria-label="Activity">
      <h2>Activity</h2>
      {recent.length === 0 ? (
        <p className="muted">New events appear here.</p>
      ) : (
        <ol>
          {recent.slice(0, SHOWN).map((event) => (
            <li key={event.position}>
              <OutcomeDot event={event} />
              <span>
                <Link href={`/agents/${encodeURIComponent(event.agent_type)}`}>{event.agent_type}</Link>
                <span className="muted"> {describeEvent(event)}</span>
              </span>
              <Ago time={event.recorded_at} />
            </li>
          ))}
        </ol>
      )}
    </aside>
  );
}

function OutcomeDot({ event: { payload } }: { event: FeedEvent }) {
  const { passed } = payload;
  const tone = passed === true ? 'good' : passed === false ? 'bad' : 'neutral';
  return <span className={`dot dot-${tone}`} aria-hidden="true" />;
}
