import type { Issue } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Asked } from '../../http/form.ts';
import { checkPath, upgradePath } from '../assets.ts';
import { Document } from '../components/document.tsx';
import { BoxForm } from '../components/question-form.tsx';
import { boundsOf, type Sides, type Upgrade } from './answer.ts';
import { RefusedMove, UpgradeResult } from './upgrade-result.tsx';
import { headlineOf } from './verdict.ts';

interface UpgradePageProps {
  asked: Asked;
  /** The text of the box, if it was not understood. */
  text?: string | undefined;
  sides: Sides;
  /** Flags to offer in the form. */
  known: readonly string[];
  origin: string;
  issues?: readonly Issue[];
  upgrade?: Upgrade;
}

/** The registry answers the form; with scripts, the browser also answers it while you type. */
export function UpgradePage({ asked, text, sides, known, origin, issues = [], upgrade }: UpgradePageProps) {
  const { first, last } = upgrade ? boundsOf(upgrade) : { first: undefined, last: undefined };
  return (
    <Document
      title={
        upgrade
          ? `${headlineOf(upgrade.answer).text}, from ${printable(sides.from)} to ${printable(sides.to)}`
          : 'Upgrade'
      }
      description="What changes in a Python Worker when its compatibility date moves: Python, packages and what no longer works."
      place="/compare"
      module={upgradePath}
    >
      <BoxForm asked={{ ...asked, date: sides.from }} text={text} to={sides.to} known={known}>
        <div class="wide row scripted">
          <label class="slide">
            Move the date
            <input id="_slider" type="range" />
          </label>
          <p id="_folder" class="folder">
            <button type="button">Choose a project’s folder</button>
            <span role="status">Or drop it here: its files are checked in this browser, not uploaded.</span>
          </p>
        </div>
      </BoxForm>
      <div
        id="_result"
        tabindex={-1}
        data-origin={origin}
        data-check={checkPath}
        data-first={first}
        data-last={last}
      >
        {issues.length > 0 && <RefusedMove issues={issues} />}
        {upgrade && <UpgradeResult upgrade={upgrade} origin={origin} kind="toml" />}
      </div>
    </Document>
  );
}
