import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { type Endpoint, MESSAGE_TYPES } from '../../api/webhooks.js';
import { formatCount, formatDecimal, formatInteger } from '../../format/numbers.js';
import { Ago } from '../../ui/parts.js';
import { useTitle } from '../../ui/use-title.js';
import { Deliveries } from './deliveries.js';
import { EndpointActions } from './endpoint-actions.js';
import { EndpointNotice, StateBadge, toElementId } from './endpoint-state.js';

/** One endpoint: what is sent, what was delivered, and what can be done with it. */
export function EndpointView({ endpoint }: { endpoint: Endpoint }) {
  const { url, description } = endpoint;
  useTitle(`Webhook ${url}`);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <div className="page-head">
        <div>
          <p className="crumbs">
            <Link href="/webhooks">Webhooks</Link>
          </p>
          <h1 ref={heading} id={toElementId(endpoint)} tabIndex={-1}>
            {url} <StateBadge endpoint={endpoint} />
          </h1>
          {description !== null && <p className="muted">{description}</p>}
        </div>
      </div>
      <EndpointActions endpoint={endpoint} />
      <EndpointNotice endpoint={endpoint} />
      <div className="columns">
        <Messages endpoint={endpoint} />
        <Facts endpoint={endpoint} />
      </div>
      <Deliveries id={endpoint.id} />
    </>
  );
}

function Messages({ endpoint: { types, agents, score_tests, score_drop } }: { endpoint: Endpoint }) {
  return (
    <section className="panel">
      <h2>Messages</h2>
      <dl className="facts">
        {types.map((type) => (
          <div key={type} className="facts-row">
            <dt>{type}</dt>
            <dd>
              {MESSAGE_TYPES[type]}
              {type === 'score.dropped' && (
                <>
                  {' '}
                  {formatCount(score_tests, 'test')}, at least {formatDecimal(score_drop * 100)} percentage points.
                </>
              )}
            </dd>
          </div>
        ))}
        <dt>Agents</dt>
        <dd>{agents?.join(', ') ?? 'all'}</dd>
      </dl>
    </section>
  );
}

function Facts({ endpoint }: { endpoint: Endpoint }) {
  const { last_delivered_at, position, secrets, created_at, created_by } = endpoint;
  return (
    <section className="panel">
      <h2>Delivery</h2>
      <dl className="facts">
        <dt>Last delivery</dt>
        <dd>{last_delivered_at === null ? 'none yet' : <Ago time={last_delivered_at} />}</dd>
        <dt>Position</dt>
        <dd>{formatInteger(position)} of the feed; delivery continues after it</dd>
        <dt>Signed with</dt>
        <dd>
          {formatCount(secrets, 'secret')}
          {secrets > 1 && ', until the overlap ends'}
        </dd>
        <dt>Created</dt>
        <dd>
          <Ago time={created_at} />
          {created_by !== null && <> by {created_by}</>}
        </dd>
      </dl>
    </section>
  );
}
