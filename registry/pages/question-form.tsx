import type { CatalogSet } from '../../resolver/catalog.ts';
import { isCalendarDay } from '../../resolver/compatibility/date.ts';
import { minorOf } from '../../resolver/compatibility/view.ts';
import { printable } from '../../resolver/text/printable.ts';
import { publisherOf } from './publisher.ts';
import type { Asked } from './question.ts';

/** The form's id, for the fields of it that stand beside the table. */
export const FORM = '_question';

interface QuestionFormProps {
  asked: Asked;
  sets: readonly CatalogSet[];
  /** What the date was, given or not; empty where nobody knows. */
  date: string;
}

export function QuestionForm({ asked, sets, date }: QuestionFormProps) {
  const chosen = asked.flags.find((flag) => sets.some((set) => set.flag === flag));
  const flags = asked.flags.filter((flag) => flag !== chosen);
  return (
    <form id={FORM} action="/packages">
      <div class="field">
        <label for="_date">Compatibility date</label>
        <DayInput id="_date" name="date" value={date} describedBy="_date_hint" />
        <p class="hint" id="_date_hint">
          Empty: today, or the set’s own.
        </p>
      </div>
      <div class="field">
        <label for="_flags">Compatibility flags</label>
        <input
          id="_flags"
          name="flags"
          value={typed(flags.join(' '))}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby="_flags_hint"
        />
        <p class="hint" id="_flags_hint">
          As in a wrangler file, between spaces or commas.
        </p>
      </div>
      <div class="field">
        <label for="_set">Package set</label>
        <SetSelect sets={sets} chosen={chosen} />
        <p class="hint" id="_set_hint">
          Choosing one names its package flag.
        </p>
      </div>
      <div class="action">
        <button type="submit">Show packages</button>
      </div>
      <details open={asked.as_of !== '' || asked.revision !== '' || asked.experimental}>
        <summary>Ask as of another day, or of an older registry</summary>
        <div class="fields">
          <div class="field">
            <label for="_as_of">As of</label>
            <DayInput id="_as_of" name="as_of" value={asked.as_of} describedBy="_as_of_hint" />
            <p class="hint" id="_as_of_hint">
              Empty: today, in UTC.
            </p>
          </div>
          <div class="field">
            <label for="_revision">Registry revision</label>
            <input
              id="_revision"
              name="revision"
              value={typed(asked.revision)}
              inputmode="numeric"
              autocomplete="off"
              aria-describedby="_revision_hint"
            />
            <p class="hint" id="_revision_hint">
              Empty: the newest.
            </p>
          </div>
          <label class="check">
            <input type="checkbox" name="experimental" value="true" checked={asked.experimental} />
            <span>
              Experimental flags may be used, as with workerd’s <code>--experimental</code>
            </span>
          </label>
        </div>
      </details>
    </form>
  );
}

/** A day, to be read and corrected also where it is none: a date input would then show nothing. */
function DayInput(props: { id: string; name: string; value: string; describedBy: string }) {
  const { id, name, value, describedBy } = props;
  const type = value === '' || isCalendarDay(value) ? 'date' : 'text';
  return <input id={id} name={name} type={type} value={typed(value)} aria-describedby={describedBy} />;
}

/** Every set, the newest first, by Python. */
function SetSelect({ sets, chosen }: { sets: readonly CatalogSet[]; chosen: string | undefined }) {
  const newestFirst = sets.toSorted((a, b) => (a.released + a.flag < b.released + b.flag ? 1 : -1));
  const byPython = Map.groupBy(newestFirst, (set) => minorOf(set.python));
  const pythons = [...byPython.keys()].sort((a, b) => Number(b.slice(2)) - Number(a.slice(2)));
  return (
    <select id="_set" name="flag" aria-describedby="_set_hint">
      <option value="">What the date and the flags give</option>
      {pythons.map((python) => (
        <optgroup label={`Python ${printable(python)}`}>
          {byPython.get(python)!.map((set) => (
            <option value={set.flag} selected={set.flag === chosen}>
              {printable(`${set.released} · Pyodide ${set.runtime} · by ${publisherOf(set.source)}`)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

/** Input, for the field that it came from: without the characters that one cannot see there. */
function typed(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
}
