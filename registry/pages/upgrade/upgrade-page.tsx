import type { Issue } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Asked } from '../../http/form.ts';
import { checkPath, upgradePath } from '../assets.ts';
import { Document } from '../components/document.tsx';
import { Issues } from '../components/issues.tsx';
import { boundsOf, type Sides, type Upgrade } from './answer.ts';
import { UpgradeForm } from './upgrade-form.tsx';
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
