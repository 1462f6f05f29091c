import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { AGENT_METRICS_SETTINGS, type AgentMetricsSettings } from '../agent-metrics/index.js';
import {
  AgentAccess,
  Clock,
  decodeCursor,
  type Page,
  PAGE_LIMIT,
  ruleViolated,
  ThrowsDomainErrors,
  toPage,
  validationFailed,
  type WithTimes,
} from '../common/index.js';
import { type Session, TransactionRunner } from '../database/transactions/index.js';
import { AgentFeed } from '../feed/index.js';
import { parseArgument } from '../http/validation/index.js';
import { DeliveryArgument, type DeliveryRequest } from './api/dto/delivery-query.dto.js';
import {
  EndpointArgument,
  type EndpointRequest,
  type EndpointUpdate,
  EndpointUpdateArgument,
  SCORE_DROP,
  SCORE_TESTS,
} from './api/dto/endpoint-request.dto.js';
import { type Replay, ReplayArgument } from './api/dto/replay.dto.js';
import { type SecretRotation, SecretRotationArgument } from './api/dto/secret-rotation.dto.js';
import { WebhookSender } from './delivery/sender.js';
import { WebhookDispatcher } from './delivery/webhook-dispatcher.js';
import { type TestDelivery, toDelivery, type WebhookDelivery } from './endpoints/delivery.js';
import { type EndpointWithSecret, toEndpoint, type WebhookEndpoint } from './endpoints/endpoint.js';
import { createSecret, rotateSecrets } from './endpoints/secrets.js';
import { parseReceiverUrl } from './endpoints/url.js';
import { webhookNotFound } from './errors.js';
import { WEBHOOK_SETTINGS, type WebhookSettings } from './options.js';
import {
  deleteEndpoint,
  type EndpointChange,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  lockCount,
  lockEndpoint,
  queueAgain,
  readDeliveries,
  updateEndpoint,
  type WebhookEndpointRecord,
} from './store/index.js';

/** Maximum number of endpoints. Each has a reader of the feed. */
const ENDPOINTS_MAX = 50;

/**
 * Creates, changes and deletes the receivers of webhooks. Messages follow Standard Webhooks (standardwebhooks.com). Each is
 * delivered at least once; those of an agent in the order in which they happened.
 *
 * All methods validate their arguments and throw DomainError only: `validation_failed`; `webhook_not_found` if there is no
 * endpoint with the id; failures of the database.
 */
@Injectable()
@ThrowsDomainErrors()
export class WebhookEndpoints {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly feed: AgentFeed,
    private readonly dispatcher: WebhookDispatcher,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
    @Inject(WEBHOOK_SETTINGS) private readonly settings: WebhookSettings,
    @Inject(AGENT_METRICS_SETTINGS) private readonly metrics: AgentMetricsSettings,
  ) {}

  /** All endpoints, oldest first. At most 50. */
  async list(): Promise<WebhookEndpoint[]> {
    const rows = await this.transactions.read(listEndpoints);
    return rows.map((row) => this.toEndpoint(row));
  }

  /** Reads an endpoint. */
  async get(id: string): Promise<WebhookEndpoint> {
    return this.toEndpoint(await this.find(id));
  }

  /**
   * Creates an endpoint. It receives the messages of events that are committed later.
   *
   * @param actor name of the key that creates it; null: none
   * @throws DomainError `rule_violated` if there are 50 endpoints
   */
  async create(request: EndpointRequest, actor: string | null = null): Promise<EndpointWithSecret> {
    const { secret = createSecret(), ...fields } = parseArgument(request, EndpointArgument);
    const { url, types, description = null, agents = null } = fields;
    const { score_tests = SCORE_TESTS, score_drop = SCORE_DROP } = fields;
    const endpoint = {
      id: uuidv7(),
      url: parseReceiverUrl(url, this.settings),
      description,
      types,
      agents: parseAgents(agents),
      score_tests: this.assertScoreTests(score_tests, types.includes('score.dropped')),
      score_drop,
      secrets: [{ secret, expires_at: null }],
      created_by: actor,
      position: await this.findEnd(),
    };
    const row = await this.transactions.run(async (session) => {
      if ((await lockCount(session)) >= ENDPOINTS_MAX) {
        throw ruleViolated([{ field: 'url', detail: `there are ${ENDPOINTS_MAX} webhook endpoints, the maximum` }]);
      }
      return insertEndpoint(session, endpoint);
    });
    this.dispatcher.restart(row.id);
    return { endpoint: this.toEndpoint(row), secret };
  }

  /** Changes an endpoint. Messages that were not delivered yet are sent by the changed fields. */
  async update(id: string, changes: EndpointUpdate): Promise<WebhookEndpoint> {
    const { url, agents, ...others } = parseArgument(changes, EndpointUpdateArgument);
    return this.change(id, (current) => {
      const { score_tests = current.score_tests, types = current.types } = others;
      this.assertScoreTests(score_tests, types.includes('score.dropped'));
      const isAdded = types.includes('eligibility.changed') && !current.types.includes('eligibility.changed');
      return {
        ...others,
        ...(isAdded && { limitsBegin: true }),
        ...(url !== undefined && { url: parseReceiverUrl(url, this.settings) }),
        ...(agents !== undefined && { agents: parseAgents(agents) }),
      };
    });
  }

  /** Deletes an endpoint and its delivery log. Nothing is sent to it afterwards. */
  async delete(id: string): Promise<void> {
    assertId(id);
    const isDeleted = await this.transactions.run((session) => deleteEndpoint(session, id));
    if (!isDeleted) throw webhookNotFound(id);
    this.dispatcher.restart(id);
  }

  /** Replaces the secret. For some time, messages are signed by both, so that the receiver can change it without loss. */
  async rotateSecret(id: string, rotation: SecretRotation = {}): Promise<EndpointWithSecret> {
    const { secret = createSecret(), overlapMs } = parseArgument(rotation, SecretRotationArgument);
    const endpoint = await this.change(id, ({ secrets }) => ({
      secrets: rotateSecrets(secrets, secret, overlapMs, this.clock.now()),
    }));
    return { endpoint, secret };
  }

  /** Delivers the messages since a position or a time again, and then continues. Messages are not skipped. */
  async replay(id: string, replay: WithTimes<Replay>): Promise<WebhookEndpoint> {
    const { after, from } = parseArgument(replay, ReplayArgument);
    await this.find(id);
    const position = from ? await this.feed.findPosition(from) : await this.assertPosition(after ?? 0);
    const since = from ?? (await this.feed.findNext(position))?.recorded_at ?? this.clock.now();
    return this.change(id, async (_, session) => {
      await queueAgain(session, id, position, since);
      return { replay: { position, since } };
    });
  }

  /** Sends a message of the type `webhook.test` at once, also if the endpoint is disabled. */
  async sendTest(id: string): Promise<TestDelivery> {
    const endpoint = await this.find(id);
    const message_id = `msg_${randomBytes(16).toString('hex')}`;
    const data = { endpoint_id: endpoint.id, message: 'This is a test message of LVL_UP Agent Metrics.' };
    const { delivered, status_code, error, duration_ms } = await this.sender.send(endpoint, {
      id: message_id,
      type: 'webhook.test',
      timestamp: this.clock.now(),
      data,
    });
    return { message_id, delivered, status_code, error, duration_ms };
  }

  /** A page of the delivery log, newest attempt first. It is retained for 30 days, and for the newest 10,000 messages. */
  async listDeliveries(id: string, request: DeliveryRequest = {}): Promise<Page<WebhookDelivery>> {
    const { state, cursor, limit = PAGE_LIMIT } = parseArgument(request, DeliveryArgument);
    await this.find(id);
    const after = cursor === undefined ? null : (decodeCursor(cursor, [isTime, isString]) as [string, string]);
    const rows = await this.transactions.read((session) =>
      readDeliveries(session, id, { state, after, limit: limit + 1 }),
    );
    const { items, next_cursor } = toPage(rows, limit, ({ key, message_id }) => [key, message_id]);
    return { items: items.map(toDelivery), next_cursor };
  }

  private async change(
    id: string,
    decide: (current: WebhookEndpointRecord, session: Session) => EndpointChange | Promise<EndpointChange>,
  ): Promise<WebhookEndpoint> {
    assertId(id);
    const row = await this.transactions.run(async (session) => {
      const current = await lockEndpoint(session, id);
      if (!current) throw webhookNotFound(id);
      return updateEndpoint(session, id, await decide(current, session));
    });
    this.dispatcher.restart(id);
    return this.toEndpoint(row);
  }

  private async find(id: string): Promise<WebhookEndpointRecord> {
    assertId(id);
    const row = await this.transactions.read((session) => findEndpoint(session, id));
    if (!row) throw webhookNotFound(id);
    return row;
  }

  private toEndpoint(row: WebhookEndpointRecord): WebhookEndpoint {
    return toEndpoint(row, this.clock.now());
  }

  /** Of all events that are committed now, and of no others, it is certain that a new endpoint need not receive them. */
  private async findEnd(): Promise<number> {
    const reader = await this.feed.open({}, { isCounted: false });
    reader.close();
    return reader.position;
  }

  /** @throws DomainError `validation_failed` if the feed ends before the position */
  private async assertPosition(position: number): Promise<number> {
    const reader = await this.feed.open({ after: position }, { isCounted: false });
    reader.close();
    return position;
  }

  /** The comparison uses the test history of the agent. */
  private assertScoreTests(tests: number, isUsed: boolean): number {
    const most = Math.floor(this.metrics.rules.windows.testHistory / 2);
    if (!isUsed || tests <= most) return tests;
    const detail = `must be at most ${most}, half of MAX_TEST_HISTORY_SIZE, for score.dropped`;
    throw validationFailed([{ field: 'score_tests', detail }]);
  }
}

function parseAgents(agents: string[] | null): string[] | null {
  const { patterns } = AgentAccess.of(agents);
  return patterns && [...patterns];
}

/** @throws DomainError `webhook_not_found` if the id is not a UUID: there is no such endpoint */
function assertId(id: unknown): asserts id is string {
  if (typeof id !== 'string' || !isUuid(id)) throw webhookNotFound(String(id));
}

const isString = (key: unknown): boolean => typeof key === 'string';
const TIME = /^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;
const isTime = (key: unknown): boolean => typeof key === 'string' && TIME.test(key) && !Number.isNaN(Date.parse(key));
