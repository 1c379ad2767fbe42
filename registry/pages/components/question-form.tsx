/** The fields of a question, for the form of each page. */
import type { Child } from 'hono/jsx';
import type { CatalogView } from '../../../resolver/index.ts';
import { publisherOf } from '../../../resolver/provenance.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Asked } from '../../http/form.ts';
import { setsByPython } from '../facts/listing.ts';

/** The form's id, for fields that are outside of the form. */
export const FORM = '_question';

interface TargetFieldsProps {
  asked: Asked;
  view: CatalogView;
  /** The date of the question, given or not; empty if unknown. */
  date: string;
  /** Flags to offer. */
  known?: readonly string[];
}

/** The date, the flags, and the package set as a choice. */
export function TargetFields({ asked, view, date, known = [] }: TargetFieldsProps) {
  const chosen = asked.flags.find((flag) => view.sets.has(flag));
  const sets = [...view.sets.values()];
  return (
    <>
      <Field id="_date" label="Compatibility date" hint="Empty: today, or the set’s own date.">
        <DayInput id="_date" name="date" value={date} />
      </Field>
      <FlagsField flags={asked.flags.filter((flag) => flag !== chosen)} known={known} />
      <Field id="_set" label="Package set" hint="Adds its package flag." kind="set">
        <SetSelect
          id="_set"
          name="flag"
          sets={sets}
          yanked={view.yankedSets}
          chosen={chosen}
          nothing="Selected by date and flags"
        />
      </Field>
    </>
  );
}

/** A field for flags; `known` flags are suggested while you type. */
export function FlagsField({ flags, known = [] }: { flags: readonly string[]; known?: readonly string[] }) {
  return (
    <Field
      id="_flags"
      label="Compatibility flags"
      hint="As in a wrangler file, separated by spaces or commas."
    >
      <input
        id="_flags"
        name="flags"
        value={typed(flags.join(' '))}
        list={known.length > 0 ? '_flag_names' : undefined}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby="_flags_hint"
      />
      {known.length > 0 && (
        <datalist id="_flag_names">
          {known.map((name) => (
            <option value={name} />
          ))}
        </datalist>
      )}
    </Field>
  );
}

/** When, and of which registry, the question is asked. */
export function PinnedFields({ asked }: { asked: Asked }) {
  return (
    <details open={asked.as_of !== '' || asked.revision !== '' || asked.experimental}>
      <summary>Ask as of another day or an older revision</summary>
      <div class="fields">
        <Field
          id="_as_of"
          label="As of"
          hint="The day of the question decides which Pythons are supported. Empty: today, in UTC."
        >
          <DayInput id="_as_of" name="as_of" value={asked.as_of} />
        </Field>
        <Field
          id="_revision"
          label="Registry revision"
          hint="The number of the registry’s last publication, after which nothing is read. Empty: the newest."
        >
          <input
            id="_revision"
            name="revision"
            value={typed(asked.revision)}
            inputmode="numeric"
            autocomplete="off"
            aria-describedby="_revision_hint"
          />
        </Field>
        <label class="check">
          <input type="checkbox" name="experimental" value="true" checked={asked.experimental} />
          <span>
            Allow experimental flags, as workerd’s <code>--experimental</code> does
          </span>
        </label>
      </div>
    </details>
  );
}

interface FieldProps {
  id: string;
  label: string;
  hint?: Child;
  kind?: string;
  children?: Child;
}

/** A labelled field; its hint has the field's id and `_hint`. */
export function Field({ id, label, hint, kind = '', children }: FieldProps) {
  return (
    <div class={`field ${kind}`.trim()}>
      <label for={id}>{label}</label>
      {children}
      {hint && (
        <p class="hint" id={`${id}_hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A text field for a day such as `2025-11-02`, in every locale; the script adds a picker. */
export function DayInput({ id, name, value }: { id: string; name: string; value: string }) {
  return (
    <input
      id={id}
      name={name}
      class="day"
      data-day=""
      value={typed(value)}
      placeholder="YYYY-MM-DD"
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      aria-describedby={`${id}_hint`}
    />
  );
}

interface LinesFieldProps extends Omit<FieldProps, 'children'> {
  name: string;
  rows: number;
  value: string;
  placeholder?: string;
}

/** A labelled field of several lines of code. */
export function LinesField({ id, name, rows, value, placeholder, ...field }: LinesFieldProps) {
  return (
    <Field id={id} {...field}>
      <textarea
        id={id}
        name={name}
        rows={rows}
        placeholder={placeholder}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={`${id}_hint`}
      >
        {/* HTML ignores a line end at the beginning. */}
        {`\n${typedLines(value)}`}
      </textarea>
    </Field>
  );
}

interface SetSelectProps {
  id: string;
  name: string;
  sets: readonly CatalogSet[];
  /** Yanked sets by package flag. */
  yanked: Pick<ReadonlySet<string>, 'has'>;
  chosen: string | undefined;
  /** The label for no choice. */
  nothing: string;
}

/** Every set, the newest first, by Python. */
export function SetSelect({ id, name, sets, yanked, chosen, nothing }: SetSelectProps) {
  return (
    <select id={id} name={name}>
      <option value="">{nothing}</option>
      {setsByPython(sets).map(([python, list]) => (
        <optgroup label={`Python ${printable(python)}`}>
          {list.map((set) => (
            <option value={set.flag} selected={set.flag === chosen}>
              {set.released}
              {yanked.has(set.flag) && ' (yanked)'}
              {printable(` · Pyodide ${set.runtime} · by ${publisherOf(set.source)}`)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

/** A value for an input field, without invisible characters. */
export function typed(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
}

/** A value for a field of several lines, without invisible characters. */
function typedLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
}
