import { useInfiniteQuery } from '@tanstack/react-query';
import { keys, readEvents } from '../../api/queries.js';
import type { Query } from '../../api/client.js';
import type { LedgerEvent } from '../../api/types.js';

const PAGE = 50;
/** Number of pages that are kept, so that the page stays small. */
const PAGES_MAX = 40;

/** Events of an agent, newest first, with the older ones on demand. */
export function useEvents(name: string, query: Query) {
  const result = useInfiniteQuery({
    queryKey: [...keys.agent(name), 'pages', query],
    queryFn: ({ pageParam, signal }) => readEvents(name, { ...query, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }, pages) => (pages.length < PAGES_MAX ? next_cursor : null),
  });
  const events: LedgerEvent[] = result.data?.pages.flatMap((page) => page.events) ?? [];
  return { ...result, events };
}
