import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { deleteEndpoint, type Endpoint, replay, rotateSecret, webhooksKey } from '../../api/webhooks.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { OverlapField } from '../../ui/overlap-field.js';
import { useShowSecret } from '../../ui/secret.js';
import { VerifySnippet } from './verify-snippet.js';

interface EndpointDialogProps {
  endpoint: Endpoint;
  onClose: () => void;
}

export function DeleteDialog({ endpoint, onClose }: EndpointDialogProps) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const submit = async (): Promise<void> => {
    await deleteEndpoint(endpoint.id);
    navigate('/webhooks');
    await client.invalidateQueries({ queryKey: [...webhooksKey, 'endpoints'] });
    // The button that opened the dialog is gone.
    document.getElementById('main')?.focus();
  };
  return (
    <FormDialog title="Delete the endpoint" action="Delete" dangerous onClose={onClose} onSubmit={submit}>
      <p>
        Nothing is sent to <strong className="breakable">{endpoint.url}</strong> any more, and its delivery log is
        deleted. This cannot be undone. To pause it, disable it instead.
      </p>
    </FormDialog>
  );
}

export function RotateDialog({ endpoint, onClose }: EndpointDialogProps) {
  const client = useQueryClient();
  const showSecret = useShowSecret();
  const submit = async (form: FormData): Promise<void> => {
    const { secret } = await rotateSecret(endpoint.id, Number(form.get('overlap_seconds')));
    showSecret({ title: 'The secret was rotated', label: 'Secret', secret, children: <VerifySnippet /> });
    void client.invalidateQueries({ queryKey: webhooksKey });
  };
  return (
    <FormDialog
      title="Rotate the secret"
      action="Rotate"
      dangerous
      fields={['overlap_seconds']}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>
        A new secret is created. During the overlap, messages are signed with the new and the previous secret, so that
        the receiver can be changed without losing a message.
      </p>
      <OverlapField />
    </FormDialog>
  );
}

const DAY_MS = 86_400_000;

/** A time as the value of a `datetime-local` field, in the time zone of the browser. */
function toLocalValue(time: number): string {
  const offsetMs = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offsetMs).toISOString().slice(0, 16);
}

export function ReplayDialog({ endpoint, onClose }: EndpointDialogProps) {
  const client = useQueryClient();
  const [begin, setBegin] = useState<'from' | 'after'>('from');
  const [yesterday] = useState(() => toLocalValue(Date.now() - DAY_MS));
  const submit = async (form: FormData): Promise<void> => {
    const value = form.get(begin) as string;
    await replay(endpoint.id, begin === 'from' ? { from: new Date(value).toISOString() } : { after: Number(value) });
    await client.invalidateQueries({ queryKey: webhooksKey });
  };
  return (
    <FormDialog title="Replay messages" action="Replay" fields={['from', 'after']} onClose={onClose} onSubmit={submit}>
      <p>
        The messages since then are delivered again, with the same ids, so that a receiver that knows the ids ignores
        them. Later messages follow.
      </p>
      <Field name="begin" label="Begin" isGroup>
        {() => (
          <div className="choices">
            {(
              [
                ['from', 'A time'],
                ['after', 'A position of the feed'],
              ] as const
            ).map(([value, label]) => (
              <label key={value} className="choice">
                <input
                  type="radio"
                  name="begin"
                  checked={begin === value}
                  onChange={() => {
                    setBegin(value);
                  }}
                />
                <span>{label}</span>
              </label>
            ))}
          </div>
        )}
      </Field>
      {begin === 'from' ? (
        <Field name="from" label="Events recorded from" hint="Up to a minute of events before it is included.">
          {(described) => <input name="from" type="datetime-local" required defaultValue={yesterday} {...described} />}
        </Field>
      ) : (
        <Field name="after" label="Events after position" hint="0: all events.">
          {(described) => (
            <input name="after" type="number" min={0} required defaultValue={endpoint.position} {...described} />
          )}
        </Field>
      )}
    </FormDialog>
  );
}
