import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';
import { findUnstorable, validationFailed } from '../../common/index.js';

/**
 * Refuses what can't be the type of any agent. Whether there is such an agent is for the service to say.
 *
 * @param name what the client calls it
 * @throws DomainError `validation_failed`
 */
export function assertAgentType(agentType: string, name: string): void {
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

/** The agent type in a route's path. */
export const AgentTypeParam = (name = 'agent_type'): ParameterDecorator => Param(name, new AgentTypePipe(name));

/** Documents it. */
export const ApiAgentType = (name = 'agent_type'): MethodDecorator & ClassDecorator =>
  ApiParam({
    name,
    description:
      'The agent: letters, digits and `. _ : + @ -`, up to 50, beginning with a letter or digit; capitals are distinct.',
    schema: { type: 'string', minLength: 1, maxLength: AGENT_TYPE_MAX_LENGTH, example: 'guardian' },
  });
