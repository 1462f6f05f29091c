export { AgentTypeParam, ApiAgentType, assertAgentType } from './agent-type.param.js';
export { ApiAsOf, type AsOf, AsOfParam, parseAsOf } from './as-of.param.js';
export { ApiEventVersion, EventVersionParam } from './event-version.param.js';
export { toDocumentTag, toEntityTag, matchesTag, parseVersions } from './entity-tag.js';
export { PageArgument, PageQueryDto, toPageRequest, withLimitAsText } from './page-query.dto.js';
