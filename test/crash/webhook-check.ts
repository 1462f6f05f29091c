import { Webhook } from 'standardwebhooks';
import type { ReceivedMessage } from '../support/webhook-receiver.js';

/** An event of the ledger. */
export interface LedgerEvent {
  agent_type: string;
  version: number;
  hash: string;
  failed: boolean;
}

interface Data {
  agent_type: string;
  version: number;
  hash?: string;
  cause?: string;
  gate?: string;
  eligible?: boolean;
}

const dataOf = ({ body }: ReceivedMessage): Data => body.data as unknown as Data;

/** Compares what a receiver accepted with the ledger. Returns one text for each thing that does not add up. */
export function checkMessages(
  received: readonly ReceivedMessage[],
  events: readonly LedgerEvent[],
  secret: string,
): string[] {
  const accepted = received.filter((message) => message.accepted);
  const first = [...new Map([...accepted].reverse().map((message) => [message.id, message])).values()].reverse();
  return [
    ...wrongSignatures(received, secret),
    ...changedBodies(received),
    ...missing(first, events),
    ...invented(first, events),
    ...wrongOrder(first),
    ...wrongGates(first),
  ];
}

function wrongSignatures(received: readonly ReceivedMessage[], secret: string): string[] {
  return received.flatMap(({ id, text, headers }) => {
    try {
      new Webhook(secret).verify(text, headers);
      return [];
    } catch (error) {
      return [`${id}: ${(error as Error).message}`];
    }
  });
}

function changedBodies(received: readonly ReceivedMessage[]): string[] {
  const texts = new Map<string, string>();
  return received.flatMap(({ id, text }) => {
    const known = texts.get(id) ?? text;
    texts.set(id, known);
    return known === text ? [] : [`${id} has the bodies ${known} and ${text}`];
  });
}

const keyOf = (type: string, { agent_type, version, hash }: Data): string =>
  `${type} ${agent_type} ${version} ${hash ?? ''}`;

function expectedKeys(events: readonly LedgerEvent[]): Set<string> {
  return new Set(
    events.flatMap((event) => [keyOf('event.recorded', event), ...(event.failed ? [keyOf('test.failed', event)] : [])]),
  );
}

function missing(first: readonly ReceivedMessage[], events: readonly LedgerEvent[]): string[] {
  const found = new Set(first.map((message) => keyOf(message.body.type, dataOf(message))));
  return [...expectedKeys(events)].filter((key) => !found.has(key)).map((key) => `${key} was not accepted`);
}

/** Messages without an event, and events with several messages of different ids. */
function invented(first: readonly ReceivedMessage[], events: readonly LedgerEvent[]): string[] {
  const expected = expectedKeys(events);
  return first.flatMap((message) => {
    const { type } = message.body;
    if (type === 'eligibility.changed') return [];
    const key = keyOf(type, dataOf(message));
    return expected.delete(key) ? [] : [`${key} is unknown, or was sent with several ids`];
  });
}

/** Place of a message among those of its agent: time limits end after the messages of the version. */
function placeOf(message: ReceivedMessage): number {
  const { version, cause } = dataOf(message);
  const rank = { 'event.recorded': 0, 'test.failed': 1 }[message.body.type] ?? (cause === 'event' ? 2 : 3);
  return version * 4 + rank;
}

function byAgent(messages: readonly ReceivedMessage[]): Map<string, ReceivedMessage[]> {
  const agents = new Map<string, ReceivedMessage[]>();
  for (const message of messages) {
    const { agent_type } = dataOf(message);
    agents.set(agent_type, [...(agents.get(agent_type) ?? []), message]);
  }
  return agents;
}

function wrongOrder(first: readonly ReceivedMessage[]): string[] {
  return [...byAgent(first)].flatMap(([agent, messages]) =>
    messages.flatMap((message, index) => {
      const previous = messages[index - 1];
      return previous && placeOf(previous) > placeOf(message)
        ? [`${agent}: ${message.body.type} ${dataOf(message).version} after ${dataOf(previous).version}`]
        : [];
    }),
  );
}

/** Each gate opens and closes in turns. It was closed when the agent was created. */
function wrongGates(first: readonly ReceivedMessage[]): string[] {
  return [...byAgent(first.filter(({ body }) => body.type === 'eligibility.changed'))].flatMap(([agent, messages]) => {
    const open = new Map<string, boolean>();
    return messages.flatMap((message) => {
      const { gate = '', eligible = false, version, cause } = dataOf(message);
      const was = open.get(gate) ?? false;
      open.set(gate, eligible);
      return was === eligible ? [`${agent} ${version}: ${gate} was already ${String(was)} (${cause ?? ''})`] : [];
    });
  });
}
