import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/**
 * A value in the query of the URL, so that the view can be sent to somebody. The default value is omitted from the URL.
 *
 * @returns the value, and a function that replaces it without a new entry in the browser's history
 */
export function useParam(name: string, initial = ''): readonly [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const setValue = useCallback(
    (value: string) => {
      setParams(
        (previous) => {
          const next = new URLSearchParams(previous);
          if (value === initial) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      );
    },
    [name, initial, setParams],
  );
  return [params.get(name) ?? initial, setValue] as const;
}
