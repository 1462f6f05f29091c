import type { ReactNode } from 'react';
import { ApiError } from '../api/client.js';
import type { Interval } from '../api/types.js';
import { formatPercent } from '../format/numbers.js';
import { formatDateTime, formatRelative } from '../format/times.js';

/** A time in words; the exact time is its title. */
export function Ago({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatDateTime(time)}>
      {formatRelative(time)}
    </time>
  );
}

export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: 'good' | 'bad' | 'warn' | 'neutral' | 'accent';
  children: ReactNode;
}) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

export function Progress({ label, ratio }: { label: string; ratio: number }) {
  return <progress className="progress" aria-label={label} value={ratio} max={1} />;
}

/** A pass rate with its 95 % interval, in numbers and as a bar. */
export function PassRate({ rate, interval }: { rate: number | null; interval: Interval | null }) {
  if (rate === null || interval === null) return <span className="muted">no test yet</span>;
  return (
    <span className="pass-rate">
      <strong>{formatPercent(rate)}</strong>{' '}
      <span className="muted" title="95 % interval (Wilson)">
        {formatPercent(interval.low)}–{formatPercent(interval.high)}
      </span>
      <RateBar rate={rate} interval={interval} />
    </span>
  );
}

export function RateBar({ rate, interval }: { rate: number; interval: Interval }) {
  return (
    <svg className="rate-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="rate-track" width="100" height="8" rx="0" />
      <rect
        className="rate-interval"
        x={interval.low * 100}
        width={Math.max(0.5, (interval.high - interval.low) * 100)}
        height="8"
      />
      <rect className="rate-value" x={Math.min(98.6, Math.max(0, rate * 100 - 0.7))} width="1.4" height="8" />
    </svg>
  );
}

export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton-line" />
      ))}
    </div>
  );
}

/** States that there is nothing, and the next step. */
export function Empty({ title, isPage = false, children }: { title: string; isPage?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

export function Code({ children }: { children: string }) {
  return (
    <pre className="code" tabIndex={0}>
      <code>{children}</code>
    </pre>
  );
}

interface ErrorNoteProps {
  error: unknown;
  /** Errors of fields that are listed. Default: all. */
  errors?: ApiError['errors'];
  onRetry?: () => void;
}

/** An error with its reason, and a way to try again. */
export function ErrorNote({ error, errors = error instanceof ApiError ? error.errors : [], onRetry }: ErrorNoteProps) {
  return (
    <div className="error" role="alert">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ field, detail }) => (
            <li key={field}>
              <code>{field}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** A choice of few values. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  return (
    <div className="segmented" role="group" aria-label={label}>
      {options.map(([option, text]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => {
            onChange(option);
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
