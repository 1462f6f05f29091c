import { Field } from './field.js';

/** Agents that a key or a webhook is limited to. */
export function AgentsField({ agents = null }: { agents?: readonly string[] | null | undefined }) {
  return (
    <Field
      name="agents"
      label="Agents"
      hint={
        <>
          One in each line: the name of an agent, or a prefix such as <code>team-a/*</code>. Empty: all agents.
        </>
      }
    >
      {(described) => <textarea name="agents" rows={3} defaultValue={agents?.join('\n')} {...described} />}
    </Field>
  );
}

/** Agents of the form; null: all. */
export function readAgents(form: FormData): string[] | null {
  const agents = (form.get('agents') as string)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return agents.length > 0 ? agents : null;
}
