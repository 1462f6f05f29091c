import { keepPreviousData, queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ApiError, type Query, request } from './client.js';
import type {
  Caller,
  ComparisonGroup,
  Eligibility,
  LeaderboardEntry,
  LedgerEvent,
  Metrics,
  Standing,
  TestPerformance,
  TrendPoint,
} from './types.js';

/** Keys of queries begin with `agent` and its name, or with `all`, so that an event invalidates what it changed. */
export const keys = {
  all: ['all'] as const,
  agent: (name: string) => ['agent', name] as const,
};

const metricsPath = (name: string): string => `api/agent-metrics/${encodeURIComponent(name)}`;
const custodyPath = (name: string): string => `api/custody/agents/${encodeURIComponent(name)}`;

export const callerQuery = () =>
  queryOptions({
    queryKey: ['caller'],
    queryFn: async ({ signal }) => (await request<{ caller: Caller }>('api/caller', { signal })).caller,
    retry: (count, error) => !(error instanceof ApiError && error.status < 500 && error.status > 0) && count < 3,
  });

export const standingsQuery = (limit: number) =>
  queryOptions({
    queryKey: [...keys.all, 'standings', limit],
    queryFn: ({ signal }) =>
      request<{ agents: Standing[]; next_cursor: string | null }>('api/custody/agents', { query: { limit }, signal }),
    placeholderData: keepPreviousData,
  });

export const summaryQuery = () =>
  queryOptions({
    queryKey: [...keys.all, 'summary'],
    queryFn: async ({ signal }) =>
      (
        await request<{ analytics: Record<string, number> & { test_performance: TestPerformance } }>(
          'api/agent-metrics/analytics/summary',
          { signal },
        )
      ).analytics,
  });

export const leaderboardQuery = (query: Query) =>
  queryOptions({
    queryKey: [...keys.all, 'leaderboard', query],
    queryFn: ({ signal }) =>
      request<{ leaderboard: LeaderboardEntry[]; next_cursor: string | null; from: string | null; to: string | null }>(
        'api/agent-metrics/leaderboard',
        { query, signal },
      ),
    placeholderData: keepPreviousData,
  });

export const metricsQuery = (name: string, asOf?: string) =>
  queryOptions({
    queryKey: [...keys.agent(name), 'metrics', asOf],
    queryFn: async ({ signal }) =>
      (await request<{ metrics: Metrics }>(metricsPath(name), { query: { as_of: asOf }, signal })).metrics,
    placeholderData: keepPreviousData,
  });

export const eligibilityQuery = (name: string, asOf?: string) =>
  queryOptions({
    queryKey: [...keys.agent(name), 'eligibility', asOf],
    queryFn: async ({ signal }) =>
      (
        await request<{ eligibility: Eligibility }>(`${custodyPath(name)}/eligibility`, {
          query: { as_of: asOf },
          signal,
        })
      ).eligibility,
    placeholderData: keepPreviousData,
  });

export const trendsQuery = (name: string, query: Query) =>
  queryOptions({
    queryKey: [...keys.agent(name), 'trends', query],
    queryFn: async ({ signal }) =>
      (await request<{ trends: TrendPoint[] }>(`${metricsPath(name)}/trends`, { query, signal })).trends,
    placeholderData: keepPreviousData,
  });

export const analyticsQuery = (name: string, query: Query = {}) =>
  queryOptions({
    queryKey: [...keys.agent(name), 'analytics', query],
    queryFn: async ({ signal }) =>
      (await request<{ test_performance: TestPerformance }>(`${metricsPath(name)}/analytics`, { query, signal }))
        .test_performance,
  });

export const comparisonQuery = (name: string, query: Query) =>
  queryOptions({
    queryKey: [...keys.agent(name), 'compare', query],
    queryFn: ({ signal }) =>
      request<{ groups: ComparisonGroup[]; truncated: boolean }>(`${metricsPath(name)}/compare`, { query, signal }),
    placeholderData: keepPreviousData,
  });

export interface EventsPage {
  events: LedgerEvent[];
  next_cursor: string | null;
}

export const readEvents = (name: string, query: Query, signal?: AbortSignal): Promise<EventsPage> =>
  request<EventsPage>(`${metricsPath(name)}/events`, { query, ...(signal && { signal }) });

/** The newest events of an agent. */
export const eventsQuery = (name: string, query: Query) =>
  queryOptions({
    queryKey: [...keys.agent(name), 'events', query],
    queryFn: ({ signal }) => readEvents(name, query, signal),
    placeholderData: keepPreviousData,
  });

/**
 * Whether the service computes earlier states: the state as of version 1 has version 1. A service without `as_of` ignores the
 * parameter or refuses it.
 */
export function useSupportsAsOf(name: string, version: number): boolean {
  const { data } = useQuery({
    queryKey: ['supports-as-of'],
    queryFn: async ({ signal }) => {
      const query = { as_of: 1 };
      const { metrics } = await request<{ metrics: Metrics }>(metricsPath(name), { query, signal });
      return metrics.version === 1;
    },
    enabled: version > 1,
    staleTime: Infinity,
    retry: false,
  });
  return data === true;
}

/** Scopes in ascending order. */
const SCOPES = ['read', 'write', 'admin'];

/** Whether the caller may send requests that require the scope. */
export function useMay(scope: Caller['scope']): boolean {
  const { data } = useQuery(callerQuery());
  return data !== undefined && SCOPES.indexOf(data.scope) >= SCOPES.indexOf(scope);
}

/** Whether the caller may manage webhooks and keys. */
export const isAdminOfAll = ({ scope, agents }: Caller): boolean => scope === 'admin' && agents === null;

/** Whether the request failed because a valid key is required. */
export function isUnauthenticated({ error }: UseQueryResult): boolean {
  return error instanceof ApiError && error.status === 401;
}
