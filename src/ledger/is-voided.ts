/**
 * SQL condition: whether an event is voided. Uses the index uq_agent_events_voided.
 *
 * @param event alias of the row of `agent_events`
 */
export function isVoided(event: string): string {
  return `EXISTS (SELECT FROM agent_events voiding WHERE voiding.type = 'voided'
                   AND voiding.agent_type = ${event}.agent_type AND voiding.payload -> 'version' = to_jsonb(${event}.version))`;
}
