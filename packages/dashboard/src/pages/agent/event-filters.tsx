import { useSearchParams } from 'wouter';

const TEXT_FIELDS = [
  ['category', 'Category'],
  ['run_id', 'Run'],
  ['model', 'Model'],
  ['agent_version', 'Version'],
  ['environment', 'Environment'],
] as const;
const NAMES = ['outcome', ...TEXT_FIELDS.map(([name]) => name)];
const OUTCOMES = ['passed', 'failed', 'errored'];

export interface Filters {
  /** The filters that are set. */
  query: Record<string, string>;
  /** Sets a filter; empty: removes it. */
  set: (name: string, value: string) => void;
}

/** Filters of results, in the URL. */
export function useEventFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const query: Record<string, string> = {};
  for (const name of NAMES) {
    const value = params.get(name) ?? '';
    if (value !== '') query[name] = value;
  }
  const set = (name: string, value: string): void => {
    setParams(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  return { query, set };
}

export function EventFilters({ query, set }: Filters) {
  return (
    <form
      className="toolbar filters"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <label className="inline-field">
        <span>Outcome</span>
        <select
          value={query.outcome ?? ''}
          onChange={({ target }) => {
            set('outcome', target.value);
          }}
        >
          <option value="">all</option>
          {OUTCOMES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {TEXT_FIELDS.map(([name, label]) => (
        <TextFilter
          key={name}
          label={label}
          value={query[name] ?? ''}
          onChange={(value) => {
            set(name, value);
          }}
        />
      ))}
    </form>
  );
}

interface TextFilterProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Applied on Enter and when the field is left: the value is compared exactly. */
function TextFilter({ label, value, onChange }: TextFilterProps) {
  return (
    <label className="inline-field">
      <span>{label}</span>
      <input
        key={value}
        defaultValue={value}
        size={11}
        onBlur={({ target }) => {
          if (target.value.trim() !== value) onChange(target.value.trim());
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </label>
  );
}
