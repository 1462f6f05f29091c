export {
  deleteEndpoint,
  type EndpointChange,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  lockCount,
  lockEndpoint,
  type LoggedDelivery,
  type NewEndpoint,
  queueAgain,
  readDeliveries,
  updateEndpoint,
} from './endpoint-statements.js';
export {
  claimEndpoints,
  countEndpoints,
  findDelivered,
  LEASE_SECONDS,
  LOG_DAYS,
  LOG_MAX,
  type LoggedAttempt,
  logOutcomes,
  type Progress,
  pruneLog,
  releaseEndpoint,
  saveProgress,
  toProgress,
} from './lease-statements.js';
export { DELIVERY_STATES, type DeliveryState, WebhookDeliveryRecord } from './webhook-delivery.entity.js';
export { type DisabledReason, type StoredSecret, WebhookEndpointRecord } from './webhook-endpoint.entity.js';
export { MESSAGE_TYPES, type MessageType } from './message-type.js';
