export { AgentTypeParam, ApiAgentType, assertAgentType } from './agent-type.param.js';
export { documentTag, entityTag, namesTag, versionsIn } from './entity-tag.js';
export { PageQueryDto, pageRequestOf } from './page-query.dto.js';
