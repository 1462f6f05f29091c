import { ApiProperty } from '@nestjs/swagger';
import { ENDPOINT_STATES, type EndpointState, type WebhookEndpoint } from '../../endpoints/endpoint.js';
import { type DisabledReason, MESSAGE_TYPES, type MessageType } from '../../store/index.js';

const DISABLED_REASONS: DisabledReason[] = ['manual', 'gone', 'failing'];

/** A receiver of webhooks. */
export class WebhookEndpointDto implements WebhookEndpoint {
  /** @example 0193b7a2-5f4e-7cc0-8a51-3a1f7c9d2e10 */
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** @example https://example.com/lvlup */
  url!: string;

  @ApiProperty({ type: String, nullable: true, example: 'alerts' })
  description!: string | null;

  /** Types of the messages that are sent. */
  @ApiProperty({ enum: MESSAGE_TYPES, isArray: true })
  types!: MessageType[];

  /** Agents whose messages are sent. Null: all agents. */
  @ApiProperty({ type: String, isArray: true, nullable: true })
  agents!: string[] | null;

  /** `score.dropped`: number of tests in each group. */
  @ApiProperty({ type: 'integer', example: 20 })
  score_tests!: number;

  /** `score.dropped`: minimum decrease of the pass rate, a ratio. */
  @ApiProperty({ example: 0.2 })
  score_drop!: number;

  /** `retrying`: the last attempt failed, and there will be another one. */
  @ApiProperty({ enum: ENDPOINT_STATES })
  state!: EndpointState;

  /** `manual`; `gone`: the receiver responded with 410; `failing`: all attempts failed. Null: not disabled. */
  @ApiProperty({ enum: [...DISABLED_REASONS, null], nullable: true, type: String })
  disabled_reason!: DisabledReason | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  disabled_at!: Date | null;

  /** Position in the feed: all messages of the events up to it were delivered. */
  @ApiProperty({ type: 'integer', example: 4_711 })
  position!: number;

  /** Number of consecutive failed attempts. */
  @ApiProperty({ type: 'integer', example: 0 })
  failures!: number;

  /** Time of the next attempt after a failure. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  retry_at!: Date | null;

  /** Cause of the last failure. Null after a success. */
  @ApiProperty({ type: String, nullable: true, example: 'The response status is 500.' })
  last_error!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_delivered_at!: Date | null;

  /** Number of secrets that sign messages at present. */
  @ApiProperty({ type: 'integer', example: 1 })
  secrets!: number;

  created_at!: Date;

  /** Name of the key that created the endpoint. Null: no key was used. */
  @ApiProperty({ type: String, nullable: true })
  created_by!: string | null;
}

/** Response with an endpoint. */
export class WebhookEndpointResponseDto {
  /** @example success */
  status!: 'success';
  endpoint!: WebhookEndpointDto;
}

/** Response with an endpoint and its new secret. */
export class WebhookSecretResponseDto extends WebhookEndpointResponseDto {
  /** Key of the signatures. It cannot be read later. */
  @ApiProperty({ example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwbPzXcMBLl8I=' })
  secret!: string;
}

/** Response with all endpoints. */
export class WebhookEndpointsResponseDto {
  /** @example success */
  status!: 'success';
  /** Oldest first. */
  endpoints!: WebhookEndpointDto[];
}
