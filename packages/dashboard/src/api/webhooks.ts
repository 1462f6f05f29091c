import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from './client.js';

export const MESSAGE_TYPES = {
  'test.failed': 'A custody or adversarial test was failed.',
  'eligibility.changed': 'A gate opened or closed, also because a time limit ended.',
  'agent.level_up': 'The level of an agent increased.',
  'score.dropped': 'The pass rate of the newest tests fell below that of the tests before them.',
  'event.recorded': 'Any event was recorded. For a complete copy of the ledger.',
} as const;
export type MessageType = keyof typeof MESSAGE_TYPES;

export interface Endpoint {
  id: string;
  url: string;
  description: string | null;
  types: MessageType[];
  agents: string[] | null;
  score_tests: number;
  score_drop: number;
  state: 'enabled' | 'retrying' | 'disabled';
  disabled_reason: 'manual' | 'gone' | 'failing' | null;
  disabled_at: string | null;
  position: number;
  failures: number;
  retry_at: string | null;
  last_error: string | null;
  last_delivered_at: string | null;
  secrets: number;
  created_at: string;
  created_by: string | null;
}

/** Fields that a request may change. */
export type EndpointChanges = Partial<
  Pick<Endpoint, 'url' | 'description' | 'types' | 'agents' | 'score_tests' | 'score_drop'> & { enabled: boolean }
>;

export interface EndpointWithSecret {
  endpoint: Endpoint;
  secret: string;
}

export interface Attempt {
  status_code: number | null;
  error: string | null;
  duration_ms: number;
}

export interface TestDelivery extends Attempt {
  message_id: string;
  delivered: boolean;
}

export type DeliveryState = 'delivered' | 'failing' | 'queued';

export interface Delivery extends Attempt {
  message_id: string;
  type: MessageType;
  agent_type: string;
  version: number;
  state: DeliveryState;
  attempts: number;
  last_attempt_at: string;
}

/** Interval of reads of an open page: deliveries are not in the feed of events. */
const REFRESH_MS = 3_000;
const ROOT = 'api/webhooks';

/** Begin of the keys of all queries of this file. */
export const webhooksKey = ['webhooks'] as const;

const pathOf = (id: string): string => `${ROOT}/${encodeURIComponent(id)}`;

export const endpointsQuery = () =>
  queryOptions({
    queryKey: [...webhooksKey, 'endpoints'],
    queryFn: async ({ signal }) => (await request<{ endpoints: Endpoint[] }>(ROOT, { signal })).endpoints,
    refetchInterval: REFRESH_MS,
  });

/** Pages of the delivery log. All pages that are shown are read again; the more, the less often. */
export const deliveriesQuery = (id: string, state: string) =>
  infiniteQueryOptions({
    queryKey: [...webhooksKey, 'deliveries', id, state],
    queryFn: ({ signal, pageParam }) =>
      request<{ deliveries: Delivery[]; next_cursor: string | null }>(`${pathOf(id)}/deliveries`, {
        query: { state, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: ({ state: { data } }) => REFRESH_MS * Math.max(1, data?.pages.length ?? 1),
    placeholderData: keepPreviousData,
  });

export const createEndpoint = (body: EndpointChanges): Promise<EndpointWithSecret> =>
  request(ROOT, { method: 'POST', body });

export const updateEndpoint = (id: string, body: EndpointChanges): Promise<unknown> =>
  request(pathOf(id), { method: 'PATCH', body });

export const deleteEndpoint = (id: string): Promise<unknown> => request(pathOf(id), { method: 'DELETE' });

export const rotateSecret = (id: string, overlapSeconds: number): Promise<EndpointWithSecret> =>
  request(`${pathOf(id)}/rotate-secret`, { method: 'POST', body: { overlap_seconds: overlapSeconds } });

export const replay = (id: string, body: { after: number } | { from: string }): Promise<unknown> =>
  request(`${pathOf(id)}/replay`, { method: 'POST', body });

export const sendTest = async (id: string): Promise<TestDelivery> =>
  (await request<{ delivery: TestDelivery }>(`${pathOf(id)}/test`, { method: 'POST' })).delivery;
