import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { type Endpoint, MESSAGE_TYPES } from '../../api/webhooks.js';
import { formatCount, formatInteger } from '../../format/numbers.js';
import { Ago, Badge } from '../../ui/parts.js';
import { EndpointNotice, StateBadge, toElementId } from './endpoint-state.js';
import { CreateDialog } from './endpoint-form.js';

/** All endpoints, with what needs attention. */
export function EndpointList({ endpoints }: { endpoints: readonly Endpoint[] }) {
  const [isCreating, setCreating] = useState(false);
  const count = (state: Endpoint['state']): number => endpoints.filter((endpoint) => endpoint.state === state).length;
  const create = (
    <button
      type="button"
      className="button button-primary"
      onClick={() => {
        setCreating(true);
      }}
    >
      Create an endpoint
    </button>
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Webhooks</h1>
          {endpoints.length > 0 && (
            <p className="muted">
              {formatCount(endpoints.length, 'endpoint')}
              {count('retrying') > 0 && <> · {count('retrying')} retrying</>}
              {count('disabled') > 0 && <> · {count('disabled')} disabled</>}
            </p>
          )}
        </div>
        {endpoints.length > 0 && create}
      </div>
      {endpoints.length === 0 ? (
        <Introduction>{create}</Introduction>
      ) : (
        <ul className="stack">
          {endpoints.map((endpoint) => (
            <EndpointItem key={endpoint.id} endpoint={endpoint} />
          ))}
        </ul>
      )}
      {isCreating && (
        <CreateDialog
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
    </>
  );
}

function EndpointItem({ endpoint }: { endpoint: Endpoint }) {
  const { id, url, description, types, agents, last_delivered_at, position } = endpoint;
  return (
    <li className="panel endpoint">
      <div className="panel-head">
        <h2>
          <Link id={toElementId(endpoint)} href={`/webhooks?endpoint=${id}`}>
            {url}
          </Link>
        </h2>
        <StateBadge endpoint={endpoint} />
      </div>
      {description !== null && <p>{description}</p>}
      <EndpointNotice endpoint={endpoint} />
      <dl className="endpoint-facts">
        <div>
          <dt>Messages</dt>
          <dd className="endpoint-types">
            {types.map((type) => (
              <Badge key={type}>{type}</Badge>
            ))}
          </dd>
        </div>
        <div>
          <dt>Agents</dt>
          <dd>{agents?.join(', ') ?? 'all'}</dd>
        </div>
        <div>
          <dt>Last delivery</dt>
          <dd>{last_delivered_at === null ? 'none yet' : <Ago time={last_delivered_at} />}</dd>
        </div>
        <div>
          <dt>Position</dt>
          <dd>{formatInteger(position)}</dd>
        </div>
      </dl>
    </li>
  );
}

/** Shown while there is no endpoint. */
function Introduction({ children }: { children: ReactNode }) {
  return (
    <section className="panel introduction">
      <h2>Tell another system when something happens</h2>
      <p>
        A webhook sends a message to a URL of yours: to alert somebody, to start a workflow, or to stop a deployment.
        Messages are signed, follow Standard Webhooks, and are delivered at least once, in order for each agent.
      </p>
      <dl className="type-list">
        {Object.entries(MESSAGE_TYPES).map(([type, meaning]) => (
          <div key={type}>
            <dt>
              <Badge>{type}</Badge>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <div>{children}</div>
    </section>
  );
}
