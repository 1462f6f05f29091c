import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';
import { findUnstorable, validationFailed } from '../../common/index.js';

/**
 * Refuses a value that cannot be an agent type. Does not check whether the agent exists.
 *
 * @param name name of the field or parameter, for the error
 * @throws DomainError `validation_failed`
 */
export function assertAgentType(agentType: unknown, name = 'agent_type'): asserts agentType is string {
  if (typeof agentType !== 'string') throw validationFailed([{ field: name, detail: 'must be a string' }]);
  const fault = findUnstorable(agentType, name);
  if (fault) throw validationFailed([fault]);
  if (agentType === '' || [...agentType].length > AGENT_TYPE_MAX_LENGTH) {
    throw validationFailed([{ field: name, detail: `must be 1 to ${AGENT_TYPE_MAX_LENGTH} characters` }]);
  }
}

class AgentTypePipe implements PipeTransform<string, string> {
  constructor(private readonly name: string) {}

  transform(agentType: string): string {
    assertAgentType(agentType, this.name);
    return agentType;
  }
}

/** Path parameter with the agent type. */
export const AgentTypeParam = (name = 'agent_type'): ParameterDecorator => Param(name, new AgentTypePipe(name));

/** Documents the path parameter. */
export const ApiAgentType = (name = 'agent_type'): MethodDecorator & ClassDecorator =>
  ApiParam({
    name,
    description:
      'Agent type: 1 to 50 letters, digits and `. _ : + @ / -`, starting with a letter or digit. A slash is sent as `%2F`. ' +
      'Case-sensitive.',
    schema: { type: 'string', minLength: 1, maxLength: AGENT_TYPE_MAX_LENGTH, example: 'guardian' },
  });
