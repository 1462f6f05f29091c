import type { WebhookMessage } from '../messages/message.js';
import type { Attempt } from './sender.js';

/** Maximum number of agents whose messages are sent at the same time. */
const CONCURRENCY = 8;

/** A message, and the attempt to deliver it. */
export interface Outcome {
  message: WebhookMessage;
  at: Date;
  attempt: Attempt;
}

/**
 * Sends messages: those of an agent one after the other in their order, those of several agents at the same time. After a
 * failure, the further messages of the agent are not sent; after one that concerns all messages, no further ones.
 *
 * @param canContinue whether further messages may be sent
 * @returns the attempts. Messages that were not sent have none
 */
export async function deliverInOrder(
  messages: readonly WebhookMessage[],
  send: (message: WebhookMessage) => Promise<Attempt>,
  canContinue: () => boolean,
): Promise<Outcome[]> {
  const queues = groupByAgent(messages);
  const outcomes: Outcome[] = [];
  let isReceiving = true;
  const work = async (): Promise<void> => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      for (const message of queue) {
        if (!isReceiving || !canContinue()) return;
        const at = new Date();
        const attempt = await send(message);
        outcomes.push({ message, at, attempt });
        if (concernsAll(attempt)) isReceiving = false;
        if (!attempt.delivered) break;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, queues.length) }, work));
  return outcomes;
}

function groupByAgent(messages: readonly WebhookMessage[]): WebhookMessage[][] {
  const groups = new Map<string, WebhookMessage[]>();
  for (const message of messages) {
    const group = groups.get(message.agent_type);
    if (group) group.push(message);
    else groups.set(message.agent_type, [message]);
  }
  return [...groups.values()];
}

/** Statuses of a receiver that accepts no message at present. Others may be caused by the message. */
const UNAVAILABLE = [404, 410, 429, 502, 503, 504];

/** Whether other messages would fail as well. */
export function concernsAll({ delivered, status_code }: Attempt): boolean {
  return !delivered && (status_code === null || UNAVAILABLE.includes(status_code));
}
