import { useState } from 'react';

export interface Action {
  /** Runs a task. Its error is kept until the next one. */
  run: (task: () => Promise<unknown>) => void;
  isRunning: boolean;
  error: unknown;
}

/** Runs what a button starts, one at a time, and keeps its error. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = (task: () => Promise<unknown>): void => {
    if (isRunning) return;
    setRunning(true);
    setError(null);
    task()
      .catch(setError)
      .finally(() => {
        setRunning(false);
      });
  };
  return { run, isRunning, error };
}
