import { z } from 'zod';
import { type BatchOutcome, type ResultRecorder, TemporaryFailure } from '../../ingest/index.js';
import {
  describeStatus,
  getJsonBody,
  type RemoteResponse,
  type RemoteService,
  sendRequest,
  UnreachableError,
} from '../remote/remote-service.js';

/** Maximum size of the response: 1,000 outcomes with the problem of each. */
const RESPONSE_MAX_BYTES = 16 * 1024 * 1024;
/** Statuses after which the same batch can be sent again. */
const TEMPORARY: readonly number[] = [429, 502, 503, 504];
const HINTS: Readonly<Record<number, string>> = {
  401: 'LVLUP_API_KEY must contain a valid API key or token',
  403: 'the key must have the scope write',
  404: 'check that the URL is that of the service',
};

const problem = z.object({
  status: z.number().optional(),
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
});
const recorded = z.object({
  results: z.array(
    z.object({
      index: z.number(),
      id: z.string(),
      agent_type: z.string(),
      status: z.enum(['recorded', 'replayed', 'refused']),
      version: z.number().optional(),
      problem: problem.optional(),
    }),
  ),
});

/** Sends batches to `POST /api/agent-metrics/results` of a service. */
export function remoteRecorder(service: RemoteService): ResultRecorder {
  return {
    record: async (items) => {
      const response = await send(service, JSON.stringify(items));
      const { success, data } = recorded.safeParse(getJsonBody(response, HINTS));
      const isComplete = success && data.results.length === items.length;
      if (!isComplete || data.results.some(({ id }, position) => id !== items[position]?.id)) {
        throw new Error(`The response of ${service.url.origin} does not contain the outcome of each result.`);
      }
      return data.results.map(toBatchOutcome);
    },
  };
}

async function send(service: RemoteService, body: string): Promise<RemoteResponse> {
  let response: RemoteResponse;
  try {
    response = await sendRequest(service, {
      method: 'POST',
      path: '/api/agent-metrics/results',
      body,
      responseMaxBytes: RESPONSE_MAX_BYTES,
    });
  } catch (error) {
    throw error instanceof UnreachableError ? new TemporaryFailure(error, null) : error;
  }
  if (!TEMPORARY.includes(response.status)) return response;
  throw new TemporaryFailure(new Error(describeStatus(response, HINTS)), parseRetryAfter(response.headers));
}

/** Milliseconds; null: no number of seconds. */
function parseRetryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : null;
}

function toBatchOutcome(
  { problem, version, ...outcome }: z.output<typeof recorded>['results'][number],
  index: number,
): BatchOutcome {
  if (problem === undefined) return { ...outcome, index, ...(version !== undefined && { version }) };
  const { errors = [], status, code, title, detail } = problem;
  const fields = errors.map(({ field, detail: reason }) => `${field} ${reason}`).join('; ');
  return {
    ...outcome,
    index,
    problem: {
      ...(status !== undefined && { status }),
      ...(code !== undefined && { code }),
      ...(title !== undefined && { title }),
      ...(detail !== undefined && { detail: fields === '' ? detail : fields }),
    },
  };
}
