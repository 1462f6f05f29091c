import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { request } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import type { LedgerEvent } from '../../api/types.js';
import { formatInteger, toWords } from '../../format/numbers.js';
import { formatDateTime } from '../../format/times.js';

/** Delay between a move of the slider and its request. */
const SETTLE_MS = 150;

interface AsOfProps {
  name: string;
  newest: number;
  /** Version; empty: the newest. */
  value: string;
  onChange: (value: string) => void;
}

/** A slider over the versions of the agent. */
export function AsOf({ name, newest, value, onChange }: AsOfProps) {
  const version = /^\d+$/.test(value) ? Math.min(Number(value), newest) : newest;
  const [moved, setMoved] = useState<number | null>(null);
  const shown = moved ?? version;
  useEffect(() => {
    if (moved === null) return;
    const timer = setTimeout(() => {
      onChange(moved === newest ? '' : String(moved));
      setMoved(null);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [moved, newest, onChange]);
  const { data: event } = useQuery({
    queryKey: [...keys.agent(name), 'event', version],
    queryFn: async ({ signal }) =>
      (
        await request<{ event: LedgerEvent }>(`api/agent-metrics/${encodeURIComponent(name)}/events/${version}`, {
          signal,
        })
      ).event,
    enabled: value !== '',
    staleTime: Infinity,
  });
  return (
    <div className={`panel as-of ${value === '' ? '' : 'as-of-past'}`}>
      <label>
        <span>As of version</span>
        <input
          type="range"
          min={1}
          max={newest}
          value={shown}
          aria-valuetext={`version ${shown} of ${newest}`}
          onChange={({ target }) => {
            setMoved(Number(target.value));
          }}
        />
        <output>
          {formatInteger(shown)} <span className="muted">of {formatInteger(newest)}</span>
        </output>
      </label>
      {value !== '' && (
        <p>
          {event && (
            <>
              After {toWords(event.type)}, {formatDateTime(event.recorded_at)}.{' '}
            </>
          )}
          <button
            type="button"
            className="button button-quiet"
            onClick={() => {
              onChange('');
            }}
          >
            Return to now
          </button>
        </p>
      )}
    </div>
  );
}
