import { Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { getCaller, RequiresScope } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import { ApiProblems, BODY_PROBLEMS } from '../../http/problems/index.js';
import { JsonBody, RequestPipe } from '../../http/validation/index.js';
import { WebhookEndpoints } from '../webhook-endpoints.service.js';
import { DeliveryArgument, DeliveryQueryDto } from './dto/delivery-query.dto.js';
import { TestDeliveryResponseDto, WebhookDeliveriesResponseDto } from './dto/delivery.dto.js';
import { CreateEndpointDto, UpdateEndpointDto } from './dto/endpoint-request.dto.js';
import {
  WebhookEndpointResponseDto,
  WebhookEndpointsResponseDto,
  WebhookSecretResponseDto,
} from './dto/endpoint.dto.js';
import { ReplayDto } from './dto/replay.dto.js';
import { SecretRotationDto } from './dto/secret-rotation.dto.js';

const ApiEndpointId = (): MethodDecorator =>
  ApiParam({ name: 'id', description: 'Id of the endpoint.', schema: { type: 'string', format: 'uuid' } });
const CHANGE_PROBLEMS = [...BODY_PROBLEMS, 'cross_site_request', 'webhook_not_found', 'write_conflict'] as const;
const SUCCESS = { status: 'success' } as const;

/**
 * Receivers of webhooks. All routes require the scope `admin` and a key that is not limited to some agents.
 */
@ApiController('webhooks', 'Webhooks')
export class WebhooksController {
  constructor(private readonly endpoints: WebhookEndpoints) {}

  /** List webhook endpoints */
  @Get()
  @RequiresScope('admin')
  @ApiOkResponse({ type: WebhookEndpointsResponseDto, description: 'All endpoints, without their secrets.' })
  @ApiProblems()
  async listWebhooks(): Promise<WebhookEndpointsResponseDto> {
    return { ...SUCCESS, endpoints: await this.endpoints.list() };
  }

  /**
   * Create a webhook endpoint
   *
   * @remarks Messages of events that are committed later are sent by POST according to Standard Webhooks: the headers
   * `webhook-id`, `webhook-timestamp` and `webhook-signature`, and a body with `type`, `timestamp` and `data`. Each message is
   * delivered at least once; those of an agent in their order. A response other than 2xx is repeated for four days; 410
   * disables the endpoint. The secret is in this response only. At most 50 endpoints.
   */
  @Post()
  @RequiresScope('admin')
  @ApiCreatedResponse({ type: WebhookSecretResponseDto, description: 'The endpoint, and its secret.' })
  @ApiProblems(...BODY_PROBLEMS, 'cross_site_request', 'write_conflict')
  async createWebhook(@JsonBody() body: CreateEndpointDto, @Req() request: object): Promise<WebhookSecretResponseDto> {
    return { ...SUCCESS, ...(await this.endpoints.create(body, getCaller(request)?.name ?? null)) };
  }

  /** Read a webhook endpoint */
  @Get(':id')
  @RequiresScope('admin')
  @ApiEndpointId()
  @ApiOkResponse({ type: WebhookEndpointResponseDto, description: 'The endpoint, without its secrets.' })
  @ApiProblems('webhook_not_found')
  async getWebhook(@Param('id') id: string): Promise<WebhookEndpointResponseDto> {
    return { ...SUCCESS, endpoint: await this.endpoints.get(id) };
  }

  /**
   * Change a webhook endpoint
   *
   * @remarks Omitted fields are not changed. `enabled: true` enables a disabled endpoint, which then receives the messages
   * that it has missed, and repeats a failed attempt at once.
   */
  @Patch(':id')
  @RequiresScope('admin')
  @ApiEndpointId()
  @ApiOkResponse({ type: WebhookEndpointResponseDto, description: 'The changed endpoint.' })
  @ApiProblems(...CHANGE_PROBLEMS)
  async updateWebhook(
    @Param('id') id: string,
    @JsonBody() body: UpdateEndpointDto,
  ): Promise<WebhookEndpointResponseDto> {
    return { ...SUCCESS, endpoint: await this.endpoints.update(id, body) };
  }

  /** Delete a webhook endpoint and its delivery log */
  @Delete(':id')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiEndpointId()
  @ApiNoContentResponse({ description: 'The endpoint was deleted.' })
  @ApiProblems('cross_site_request', 'webhook_not_found', 'write_conflict')
  async deleteWebhook(@Param('id') id: string): Promise<void> {
    await this.endpoints.delete(id);
  }

  /**
   * Rotate the secret of a webhook endpoint
   *
   * @remarks Until `overlap_seconds` have passed, messages are signed by the new and the previous secret.
   */
  @Post(':id/rotate-secret')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiEndpointId()
  @ApiOkResponse({ type: WebhookSecretResponseDto, description: 'The endpoint, and its new secret.' })
  @ApiProblems(...CHANGE_PROBLEMS)
  async rotateSecret(@Param('id') id: string, @JsonBody() body: SecretRotationDto): Promise<WebhookSecretResponseDto> {
    return { ...SUCCESS, ...(await this.endpoints.rotateSecret(id, body)) };
  }

  /**
   * Send a test message
   *
   * @remarks A message of the type `webhook.test`, sent once and at once, also to a disabled endpoint. It is not in the
   * delivery log. The status is 200 whether or not it was delivered.
   */
  @Post(':id/test')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiEndpointId()
  @ApiOkResponse({ type: TestDeliveryResponseDto, description: 'The result of the attempt.' })
  @ApiProblems('cross_site_request', 'webhook_not_found')
  async sendTest(@Param('id') id: string): Promise<TestDeliveryResponseDto> {
    return { ...SUCCESS, delivery: await this.endpoints.sendTest(id) };
  }

  /**
   * Replay the messages since a position or a time
   *
   * @remarks The messages have the same ids as before. Messages that were not delivered yet follow.
   */
  @Post(':id/replay')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiEndpointId()
  @ApiOkResponse({ type: WebhookEndpointResponseDto, description: 'The endpoint, at the begin of the replay.' })
  @ApiProblems(...CHANGE_PROBLEMS)
  async replayMessages(@Param('id') id: string, @JsonBody() body: ReplayDto): Promise<WebhookEndpointResponseDto> {
    return { ...SUCCESS, endpoint: await this.endpoints.replay(id, body) };
  }

  /**
   * List the deliveries of a webhook endpoint
   *
   * @remarks Newest attempt first. Retained for 30 days, and for the newest 10,000 messages.
   */
  @Get(':id/deliveries')
  @RequiresScope('admin')
  @ApiEndpointId()
  @ApiOkResponse({ type: WebhookDeliveriesResponseDto, description: 'A page of the delivery log.' })
  @ApiProblems('validation_failed', 'webhook_not_found')
  async listDeliveries(
    @Param('id') id: string,
    @Query(RequestPipe) query: DeliveryQueryDto,
  ): Promise<WebhookDeliveriesResponseDto> {
    const { items, next_cursor } = await this.endpoints.listDeliveries(id, DeliveryArgument.convert(query));
    return { ...SUCCESS, deliveries: items, next_cursor };
  }
}
