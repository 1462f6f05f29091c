export { type AgentCondition, buildAgentCondition, type LimitedAgents, listAgentTypes } from './agent-condition.js';
export { toByteaText } from './bytea.js';
export { isRepresentableTime, toJsonList, clampTime, RECENT_SCORE, toRepresentableTime } from './safe-expressions.js';
export { toParameter } from './parameter.js';
export { FetchSize } from './fetch-size.js';
