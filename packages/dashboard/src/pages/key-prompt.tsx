import type { SubmitEvent } from 'react';
import { setApiKey } from '../api/session.js';
import { Code } from '../ui/parts.js';

/** Asks for an API key, which stays in the session storage of the tab. */
export function KeyPrompt({ isInvalid }: { isInvalid: boolean }) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get('key');
    if (typeof key === 'string' && key.trim() !== '') setApiKey(key.trim());
  };
  return (
    <main className="key-prompt">
      <form className="panel" onSubmit={submit}>
        <h1>API key required</h1>
        <p>The key is kept until this tab is closed, and is sent to this service only.</p>
        {isInvalid && (
          <p className="error" role="alert">
            The key is invalid, expired or revoked.
          </p>
        )}
        <label className="field">
          <span>API key or token</span>
          <input name="key" type="password" autoComplete="off" spellCheck={false} required autoFocus />
        </label>
        <button type="submit" className="button button-primary">
          Open the dashboard
        </button>
        <p className="muted">Create a key that can read:</p>
        <Code>npm run cli -- keys create --name dashboard --scope read</Code>
      </form>
    </main>
  );
}
