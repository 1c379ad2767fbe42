import type { CopyBlock, CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import { CopyLines } from './copy-lines.tsx';
import { Sentence } from './sentence.tsx';

interface Shown {
  id: string;
  caption: string;
  group: 'wrangler' | 'vendor';
}

const SHOWN: Record<CopyBlock['name'], Shown> = {
  'wrangler.jsonc': { id: '_wrangler_jsonc', caption: 'In wrangler.jsonc', group: 'wrangler' },
  'wrangler.toml': { id: '_wrangler', caption: 'In wrangler.toml', group: 'wrangler' },
  'pyproject.toml': {
    id: '_pyproject',
    caption: 'In pyproject.toml, for uv and pywrangler',
    group: 'vendor',
  },
  pip: { id: '_pip', caption: 'With pip, into python_modules', group: 'vendor' },
  // What needs this package comes after what works without it.
  'pinwheel vendor': { id: '_vendor', caption: 'With pinwheel, into python_modules', group: 'vendor' },
};

/** One block of each group is needed: the lines that select the runtime, and one way to vendor the packages. */
const GROUPS = { wrangler: 'In the wrangler file', vendor: 'To vendor the packages' } as const;

/** Tabs with what to copy, so that a Worker gets what the page shows. */
export function CopyBlockList({ blocks }: { blocks: CopyBlocks['blocks'] }) {
  const names = Object.keys(SHOWN) as CopyBlock['name'][];
  const sorted = blocks.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  return (
    <>
      {(['wrangler', 'vendor'] as const).map((group) => (
        <CopyTabs group={group} blocks={sorted.filter(({ name }) => SHOWN[name].group === group)} />
      ))}
    </>
  );
}

/** Tabs made of radio buttons, which need no script. Without a stylesheet, all blocks are visible. */
function CopyTabs({ group, blocks }: { group: keyof typeof GROUPS; blocks: CopyBlocks['blocks'] }) {
  const [only, ...more] = blocks;
  if (!only) return null;
  if (more.length === 0) return <CopyLines {...SHOWN[only.name]} lines={only.lines} />;
  return (
    <fieldset class="tabs">
      <legend>{GROUPS[group]}</legend>
      {blocks.map(({ name }, at) => (
        <>
          <input
            type="radio"
            name={`_copy_${group}`}
            id={`${SHOWN[name].id}_tab`}
            checked={at === 0}
            autocomplete="off"
          />
          <label for={`${SHOWN[name].id}_tab`}>{name}</label>
        </>
      ))}
      {blocks.map(({ name, lines }) => (
        <CopyLines {...SHOWN[name]} lines={lines} />
      ))}
    </fieldset>
  );
}

/** Says why there is nothing to copy for a wrangler file, if there is nothing. */
export function CopyRemark({ remark }: Pick<CopyBlocks, 'remark'>) {
  if (remark === null) return null;
  return (
    <p class="notice">
      <Sentence text={remark} />
    </p>
  );
}
