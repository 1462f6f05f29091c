import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { type FeedState, readFeed } from './feed.js';
import { keys } from './queries.js';
import type { FeedEvent } from './types.js';

/** Interval in which the changes of many events are read at once. */
const REFRESH_MS = 400;
/** Interval of reads if there is no feed. */
const POLL_MS = 10_000;
/** Number of events that the activity list keeps. */
const RECENT_MAX = 30;

export interface Live {
  state: FeedState;
  /** Newest first. */
  recent: readonly FeedEvent[];
}

const LiveContext = createContext<Live>({ state: 'connecting', recent: [] });

export const useLive = (): Live => useContext(LiveContext);

/** Reads the feed, and reads again what its events changed. Without a feed, it reads everything every 10 seconds. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>({ state: 'connecting', recent: [] });
  useEffect(() => {
    const changed = new Set<string>();
    let arrived: FeedEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer = undefined;
      const newest = arrived.reverse();
      arrived = [];
      setLive(({ state, recent }) => ({ state, recent: [...newest, ...recent].slice(0, RECENT_MAX) }));
      for (const name of changed) void client.invalidateQueries({ queryKey: keys.agent(name) });
      changed.clear();
      void client.invalidateQueries({ queryKey: keys.all });
    };
    const stop = readFeed({
      onEvent: (event) => {
        changed.add(event.agent_type);
        arrived.push(event);
        if (arrived.length > RECENT_MAX) arrived.shift();
        timer ??= setTimeout(refresh, REFRESH_MS);
      },
      onState: (state) => {
        setLive(({ recent }) => ({ state, recent }));
      },
      onGap: () => {
        void client.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[0] === 'agent' || queryKey[0] === 'all',
        });
      },
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
  useEffect(() => {
    if (live.state !== 'absent') return;
    const timer = setInterval(() => void client.invalidateQueries(), POLL_MS);
    return () => {
      clearInterval(timer);
    };
  }, [client, live.state]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
