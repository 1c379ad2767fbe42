import type { Issue } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Asked } from '../../http/form.ts';
import { checkPath, upgradePath } from '../assets.ts';
import { Document } from '../components/document.tsx';
import { Issues } from '../components/issues.tsx';
import { DayInput, Field, FlagsField, FORM, LinesField, PinnedFields } from '../components/question-form.tsx';
import { boundsOf, type Sides, type Upgrade } from './answer.ts';
import { UpgradeResult } from './upgrade-result.tsx';

interface UpgradePageProps {
  asked: Asked;
  sides: Sides;
  /** Flags to offer in the form. */
  known: readonly string[];
  origin: string;
  issues?: readonly Issue[];
  upgrade?: Upgrade;
}

/** The registry answers the form; with scripts, the browser also answers it while you type. */
export function UpgradePage({ asked, sides, known, origin, issues = [], upgrade }: UpgradePageProps) {
  const { first, last } = upgrade ? boundsOf(upgrade) : { first: undefined, last: undefined };
  return (
    <Document
      title={
        upgrade ? `From ${printable(sides.from)} to ${printable(sides.to)} · Pinwheel` : 'Upgrade · Pinwheel'
      }
      description="What changes in a Python Worker when its compatibility date moves: Python, packages and what no longer works."
      place="/compare"
      module={upgradePath}
    >
      <h1>What changes if I move my date?</h1>
      <UpgradeForm asked={asked} sides={sides} known={known} />
      <div
        id="_result"
        tabindex={-1}
        data-origin={origin}
        data-check={checkPath}
        data-first={first}
        data-last={last}
      >
        {issues.length > 0 && <Issues issues={issues} />}
        {upgrade && <UpgradeResult upgrade={upgrade} origin={origin} kind="toml" />}
      </div>
    </Document>
  );
}

interface UpgradeFormProps {
  asked: Asked;
  sides: Sides;
  /** Flags to offer. */
  known: readonly string[];
}

/** The form is posted, because a wrangler file may contain secrets. */
function UpgradeForm({ asked, sides: { from, to }, known }: UpgradeFormProps) {
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
