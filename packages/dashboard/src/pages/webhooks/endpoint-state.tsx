import { useQueryClient } from '@tanstack/react-query';
import { type Endpoint, updateEndpoint, webhooksKey } from '../../api/webhooks.js';
import { formatCount, formatInteger } from '../../format/numbers.js';
import { Ago, Badge, ErrorNote } from '../../ui/parts.js';
import { useAction } from '../../ui/use-action.js';

const TONES = { enabled: 'good', retrying: 'warn', disabled: 'bad' } as const;

export function StateBadge({ endpoint: { state, disabled_reason } }: { endpoint: Endpoint }) {
  return <Badge tone={disabled_reason === 'manual' ? 'neutral' : TONES[state]}>{state}</Badge>;
}

/** Id of the element that has the focus after the notice of the endpoint is removed. */
export const toElementId = ({ id }: Endpoint): string => `endpoint-${id}`;

/** Enables or disables the endpoint, and reads what it changed. */
export function useEnable(endpoint: Endpoint) {
  const client = useQueryClient();
  const action = useAction();
  const setEnabled = (enabled: boolean, then?: () => void): void => {
    action.run(async () => {
      await updateEndpoint(endpoint.id, { enabled });
      await client.invalidateQueries({ queryKey: webhooksKey });
      then?.();
    });
  };
  return { ...action, setEnabled };
}

/** Why nothing is delivered, and the way to continue. */
export function EndpointNotice({ endpoint }: { endpoint: Endpoint }) {
  const { state, disabled_reason, position } = endpoint;
  const { setEnabled, isRunning, error } = useEnable(endpoint);
  if (state === 'enabled') return null;
  const isProblem = disabled_reason !== null && disabled_reason !== 'manual';
  return (
    <div className={`notice ${isProblem ? 'notice-bad' : state === 'retrying' ? 'notice-warn' : ''}`}>
      <p>
        {state === 'retrying' ? <Retry endpoint={endpoint} /> : <Reason endpoint={endpoint} />}
        {state === 'disabled' && <> Nothing is lost: delivery continues after position {formatInteger(position)}.</>}
      </p>
      <button
        type="button"
        className="button"
        aria-disabled={isRunning}
        aria-label={`${state === 'retrying' ? 'Try now' : 'Enable'}: ${endpoint.url}`}
        onClick={() => {
          setEnabled(true, () => {
            document.getElementById(toElementId(endpoint))?.focus();
          });
        }}
      >
        {state === 'retrying' ? 'Try now' : 'Enable'}
      </button>
      {error !== null && <ErrorNote error={error} />}
    </div>
  );
}

function Retry({ endpoint: { failures, retry_at, last_error } }: { endpoint: Endpoint }) {
  return (
    <>
      <strong>{formatCount(failures, 'failed attempt')}.</strong> {last_error}{' '}
      {retry_at !== null && <>Next attempt: {Date.parse(retry_at) > Date.now() ? <Ago time={retry_at} /> : 'now'}.</>}
    </>
  );
}

const REASONS = {
  manual: 'Disabled by an administrator',
  gone: 'Disabled because the receiver responded with 410 (Gone)',
  failing: 'Disabled because all attempts failed',
};

function Reason({ endpoint: { disabled_reason, disabled_at, last_error } }: { endpoint: Endpoint }) {
  return (
    <>
      <strong>{REASONS[disabled_reason ?? 'manual']}</strong>
      {disabled_at !== null && (
        <>
          , <Ago time={disabled_at} />
        </>
      )}
      .{disabled_reason === 'failing' && last_error !== null && <> {last_error}</>}
    </>
  );
}
