import type { Gate } from '../api/types.js';
import { firstReason, formatMissing, formatRequired, formatValue } from '../format/gates.js';
import { Ago } from './parts.js';

const MARKS = { open: '✓', closed: '✕' };

/** A gate in one line: open, or closed with the first reason. */
export function GateLine({ name, gate }: { name: string; gate: Gate }) {
  const reason = firstReason(gate);
  return (
    <p className={`gate-line ${gate.eligible ? 'gate-open' : 'gate-closed'}`}>
      <span className="gate-mark" aria-hidden="true">
        {gate.eligible ? MARKS.open : MARKS.closed}
      </span>
      <span>
        <strong>{name}</strong> <span className="gate-reason">{reason ?? 'open'}</span>
      </span>
    </p>
  );
}

/** A gate with all its requirements. */
export function GateDetails({ name, gate }: { name: string; gate: Gate }) {
  return (
    <section className="panel gate-details">
      <h2>
        {name}{' '}
        <span className={`badge ${gate.eligible ? 'badge-good' : 'badge-bad'}`}>
          {gate.eligible ? 'open' : 'closed'}
        </span>
      </h2>
      <ul>
        {gate.requirements.map((requirement) => (
          <li key={requirement.code} className={requirement.met ? 'gate-open' : 'gate-closed'}>
            <span className="gate-mark" role="img" aria-label={requirement.met ? 'met' : 'not met'}>
              {requirement.met ? MARKS.open : MARKS.closed}
            </span>
            <span className="requirement">
              <span>
                {requirement.name}
                {!requirement.met && <em>{formatMissing(requirement)}</em>}
              </span>
              <span className="muted">
                {formatValue(requirement.actual, requirement.unit)} · {formatRequired(requirement)}
                {requirement.met && requirement.until !== null && (
                  <>
                    {' '}
                    · expires <Ago time={requirement.until} />
                  </>
                )}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
