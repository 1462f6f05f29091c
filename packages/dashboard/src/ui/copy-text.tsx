import { useRef, useState } from 'react';

/** A text in a field, with a button that copies it. It selects the text where the browser refuses the clipboard. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [note, setNote] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setNote('Copied');
    } catch {
      // The clipboard exists on secure origins only.
      input.current?.select();
      setNote('Selected: copy it with the keyboard');
    }
  };
  return (
    <div className="field">
      <label className="field">
        <span>{label}</span>
        <input
          ref={input}
          className="copy-text"
          readOnly
          value={text}
          onFocus={({ target }) => {
            target.select();
          }}
        />
      </label>
      <div className="copy-actions">
        <button type="button" className="button" onClick={() => void copy()}>
          Copy
        </button>
        <span role="status" className="muted">
          {note}
        </span>
      </div>
    </div>
  );
}
