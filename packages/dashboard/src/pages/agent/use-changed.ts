import { useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/queries.js';

/** Reads again what a write changed, also without the feed. */
export function useChanged(name: string): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: keys.agent(name) });
    void client.invalidateQueries({ queryKey: keys.all });
  };
}
