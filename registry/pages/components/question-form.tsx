/** The fields of a question, for the form of each page. */
import type { Child } from 'hono/jsx';
import type { Asked } from '../../http/form.ts';
import { pathOf } from '../assets.ts';

interface BoxFormProps {
  /** The question as it was understood; left out before anything was asked. */
  asked?: Asked;
  /** The text of the box, if it is not the requirements. */
  text?: string | undefined;
  /** The date that the Worker moves to; empty if it stays. */
  to?: string | undefined;
  /** The day of the question, before anything was asked. */
  day?: string | null;
  /** Flags to offer. */
  known?: readonly string[];
  /** Controls of a script. */
  children?: Child;
}

/** Browsers correct and complete nothing: it is no prose. */
export const AS_TYPED = { autocomplete: 'off', autocapitalize: 'none', spellcheck: false } as const;

/**
 * The box, and below it the question as it was understood: each part can be changed, and what is typed in the box
 * replaces them. The form is posted, because a file that is pasted may contain secrets.
 */
export function BoxForm(props: BoxFormProps) {
  const { asked, text = asked?.requirements ?? '', to = '', known = [], day, children } = props;
  const label = <label for="_search">Can I use it in a Python Worker?</label>;
  return (
    <form
      id="_question"
      class={asked && 'question'}
      action="/"
      method="post"
      data-files={pathOf(children ? 'move.js' : 'files.js')}
    >
      <div class="ask">
        {asked ? label : <h1>{label}</h1>}
        <div class="field">
          {/* One line, which grows with its text. */}
          <textarea
            id="_search"
            name="q"
            rows={1}
            placeholder="PIL, numpy>=2 2025-11-02"
            {...AS_TYPED}
            autofocus={!asked}
            enterkeyhint="search"
          >
            {/* HTML ignores a line end at the beginning. */}
            {`\n${typedLines(lineOf(text))}`}
          </textarea>
          {asked && (
            <a class="unseen" href="#_result">
              Skip to the answer
            </a>
          )}
          <button type="submit">Answer</button>
        </div>
        {!asked && (
          <p class="hint">
            Packages, modules, a date, flags, a set, <code>requirements.txt</code>, a wrangler file, or code.
            Two dates: what changes.{' '}
            <span class="scripted">
              Drop files or a folder, or open{' '}
              <button type="button" data-open="files">
                files
              </button>{' '}
              or{' '}
              <button type="button" data-open="folder">
                a folder
              </button>
              .
            </span>
          </p>
        )}
      </div>
      {day && <input type="hidden" name="as_of" value={day} />}
      {asked && (
        <>
          <RequirementChips text={text} isRead={text === asked.requirements} />
          <div class="chips">
            <DayField name="date" label="Compatibility date" value={asked.date} />
            <DayField name="to" label="Move to" value={to} />
            <Field id="_flags" label="Compatibility flags">
              <input
                id="_flags"
                name="flags"
                value={typed(asked.flags.join(' '))}
                list="_flag_names"
                {...AS_TYPED}
              />
              <datalist id="_flag_names">
                {known.map((name) => (
                  <option value={name} />
                ))}
              </datalist>
            </Field>
          </div>
          {children}
          <PinnedFields asked={asked} />
        </>
      )}
    </form>
  );
}

/** Each requirement of a short list, to be changed or removed by itself; what is typed in the box replaces them. */
function RequirementChips({ text, isRead }: { text: string; isRead: boolean }) {
  const line = typedLines(lineOf(text));
  const requirements = text.split('\n').filter((requirement) => requirement.trim() !== '');
  if (!isRead || line === '' || line.includes('\n')) return null;
  return (
    <fieldset id="_requirements" class="picked">
      <legend class="unseen">Requirements</legend>
      <input type="hidden" name="was" value={line} />
      {requirements.map(typed).map((requirement, at) => (
        <span>
          <input
            name="requirement"
            value={requirement}
            size={requirement.length}
            aria-label={`Requirement ${requirement}`}
            {...AS_TYPED}
          />
          <button type="submit" name="without" value={at} aria-label={`Remove ${requirement}`}>
            ×
          </button>
        </span>
      ))}
    </fieldset>
  );
}

/** Short lists fit on a line. */
const SHORT = 120;

function lineOf(text: string): string {
  return text.length > SHORT || /[;@#\\"]|^\s*-/m.test(text) ? text : text.trim().replace(/\s*\n\s*/g, ' ');
}

/** When, and of which registry, the question is asked. */
function PinnedFields({ asked }: { asked: Asked }) {
  return (
    <details>
      <summary>
        {asked.as_of === '' && asked.revision === '' && !asked.experimental
          ? 'Ask as of another day or an older revision'
          : `Asked as of ${[typed(asked.as_of) || 'today', asked.revision && `revision ${typed(asked.revision)}`, asked.experimental && 'with experimental flags'].filter(Boolean).join(', ')}`}
      </summary>
      <div class="fields">
        <DayField
          name="as_of"
          label="As of"
          value={asked.as_of}
          hint="The day of the question decides which Pythons are supported. Empty: today, in UTC."
        />
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
  children?: Child;
}

/** A labelled field; its hint has the field's id and `_hint`. */
export function Field({ id, label, hint, children }: FieldProps) {
  return (
    <div class="field">
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

interface DayFieldProps extends Omit<FieldProps, 'id'> {
  name: string;
  value: string;
}

/** A text field for a day such as `2025-11-02`, in every locale; the script adds a picker. */
function DayField({ name, value, ...field }: DayFieldProps) {
  const id = `_${name}`;
  return (
    <Field id={id} {...field}>
      <input
        id={id}
        name={name}
        class="day"
        data-day=""
        value={typed(value)}
        placeholder="YYYY-MM-DD"
        {...AS_TYPED}
        aria-describedby={field.hint ? `${id}_hint` : undefined}
      />
    </Field>
  );
}

/** A value for an input field, without invisible characters. */
export function typed(text: string): string {
  return typedLines(text).replaceAll('\n', '');
}

/** A value for a field of several lines, without invisible characters. */
function typedLines(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n');
  // Most texts need no look at the classes of Unicode, which takes longer.
  if (/^[\n -~]*$/.test(lines)) return lines;
  return lines.replace(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
}
