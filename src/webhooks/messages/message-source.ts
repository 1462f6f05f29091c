import { Logger } from '@nestjs/common';
import type { AgentFeed, FeedEvent } from '../../feed/index.js';
import type { AgentStates } from './agent-states.js';
import { buildMessages, type MessageRules, needsStates, type Step } from './build-messages.js';
import type { WebhookMessage } from './message.js';

/** A message, and the position of the event that it belongs to. */
export interface Placed {
  message: WebhookMessage;
  position: number;
}

/** Builds the messages of events for one endpoint. */
export class MessageSource {
  private readonly logger = new Logger('Webhooks');
  private readonly needsStates: boolean;
  private hasReported = false;

  constructor(
    private readonly endpointId: string,
    private readonly rules: MessageRules,
    private readonly states: AgentStates,
    private readonly feed: AgentFeed,
  ) {
    this.needsStates = needsStates(rules.types);
  }

  /** Returns null if an agent was renamed or erased since the events were read: read them again. */
  async build(events: readonly FeedEvent[]): Promise<Placed[] | null> {
    const placed: Placed[] = [];
    for (const event of events) {
      const step = this.needsStates ? await this.states.step(event) : null;
      if (this.needsStates && !step && !(await this.isPresent(event))) return null;
      const messages = this.buildOf(event, step);
      placed.push(...messages.map((message) => ({ message, position: event.position })));
    }
    return placed;
  }

  private async isPresent({ agent_type, position }: FeedEvent): Promise<boolean> {
    const present = await this.feed.findNext(position - 1);
    return present?.position === position && present.agent_type === agent_type;
  }

  /** An event that was changed outside the service must not stop those after it. */
  private buildOf(event: FeedEvent, step: Step | null): WebhookMessage[] {
    try {
      if (this.needsStates && !step) this.report(event);
      return buildMessages(event, step, this.rules);
    } catch {
      this.report(event);
      return buildMessages(event, null, this.rules);
    }
  }

  private report({ agent_type, version }: FeedEvent): void {
    if (this.hasReported) return;
    this.hasReported = true;
    this.logger.warn(
      `Endpoint ${this.endpointId} receives incomplete messages of agent ${JSON.stringify(agent_type)} from version ` +
        `${version}: the ledger was changed outside the service. Run the CLI command verify. Further ones are not logged.`,
    );
  }
}
