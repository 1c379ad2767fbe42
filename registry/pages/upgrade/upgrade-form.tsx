import type { Asked } from '../../http/form.ts';
import { DayInput, Field, FlagsField, FORM, LinesField, PinnedFields } from '../components/question-form.tsx';
import type { Sides } from './answer.ts';

interface UpgradeFormProps {
  asked: Asked;
  sides: Sides;
  /** Flags to offer. */
  known: readonly string[];
}

/** Posted, because a wrangler file may contain secrets. */
export function UpgradeForm({ asked, sides: { from, to }, known }: UpgradeFormProps) {
  return (
    <form id={FORM} class="question project" action="/compare" method="post">
      <p id="_folder" class="wide folder scripted">
        <button type="button">Choose a project’s folder</button>
        <span role="status">Or drop it here: its files are checked in this browser, not uploaded.</span>
      </p>
      <LinesField
        id="_wrangler_file"
        label="Your wrangler file"
        hint="Only its date and flags are read; nothing is stored."
        name="wrangler"
        rows={5}
        value={asked.wrangler}
        placeholder={'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]'}
      />
      <LinesField
        id="_requirements"
        label="Your requirements"
        hint="One per line, or a whole requirements.txt."
        name="requirements"
        rows={5}
        value={asked.requirements}
        placeholder={'fastapi\npandas>=2'}
      />
      <a class="unseen" href="#_result">
        Skip to the answer
      </a>
      <div class="wide row">
        <Field id="_from" label="From" hint="Your date, if you paste no file.">
          <DayInput id="_from" name="from" value={from} />
        </Field>
        <FlagsField flags={asked.flags} known={known} />
        <Field id="_to" label="To" hint="A compatibility date, or a package flag.">
          <DayInput id="_to" name="to" value={to} />
        </Field>
      </div>
      <label class="slide wide scripted">
        Move the date
        <input id="_slider" type="range" />
      </label>
      <PinnedFields asked={asked} />
      <div class="action">
        <button type="submit">See what changes</button>
      </div>
    </form>
  );
}
