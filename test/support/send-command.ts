import type { AgentMetricsService } from '../../src/agent-metrics/write/agent-metrics.service.js';
import type { Command } from '../../src/progression/commands.js';

/** Hands a command to the service, as REST clients and other modules do. */
export async function sendCommand(service: AgentMetricsService, agentType: string, command: Command): Promise<unknown> {
  switch (command.type) {
    case 'create':
      return service.createOrUpdateAgentMetrics(agentType, {});
    case 'custody_test':
      return service.updateCustodyTestResult(agentType, command.data);
    case 'adversarial_test':
      return service.updateAdversarialTestResult(agentType, command.data);
    case 'learning':
      return service.updateLearningMetrics(agentType, command.data);
    case 'custody_xp':
      return service.updateCustodyXp(agentType, command.data.amount);
    case 'update':
      return service.createOrUpdateAgentMetrics(agentType, command.data);
    case 'reset':
      return service.resetAgentMetrics(agentType);
    case 'custody_reset':
      return service.resetCustodyMetrics(agentType);
    case 'rename':
      return service.renameAgent(agentType, command.data.to);
    case 'merge_into':
      return service.mergeAgents(agentType, command.data.into);
    case 'merge':
      return service.mergeAgents(command.data.agent.agent_type, agentType);
    case 'void':
      return service.voidEvent(agentType, command.data.version, { reason: command.data.reason });
    case 'import':
      return service.importAgentMetrics(agentType, command.data);
  }
}
