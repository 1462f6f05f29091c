import { Injectable, Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AGENT_TYPE_MAX_LENGTH } from '../progression/agent-type.js';
import { validationFailed } from './domain-error.js';
import { unstorable } from './json-text.js';

/** Refuses what can't be the type of any agent. Whether there is such an agent is for the service to say. */
@Injectable()
class AgentTypePipe implements PipeTransform<string, string> {
  transform(agentType: string): string {
    const fault = unstorable(agentType, 'agent_type');
    if (fault) throw validationFailed([fault]);
    if (agentType === '' || [...agentType].length > AGENT_TYPE_MAX_LENGTH) {
      throw validationFailed([{ field: 'agent_type', detail: `must be 1 to ${AGENT_TYPE_MAX_LENGTH} characters` }]);
    }
    return agentType;
  }
}

/** The agent type in a route's path. */
export const AgentTypeParam = (): ParameterDecorator => Param('agent_type', AgentTypePipe);

/** Documents it. */
export const ApiAgentType = (): MethodDecorator & ClassDecorator =>
  ApiParam({
    name: 'agent_type',
    description:
      'The agent: letters, digits and `. _ : + @ -`, up to 50, beginning with a letter or digit; capitals are distinct.',
    schema: { type: 'string', minLength: 1, maxLength: AGENT_TYPE_MAX_LENGTH, example: 'guardian' },
  });
