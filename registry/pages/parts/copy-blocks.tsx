import type { CopyBlock, CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import { CopyLines } from './copy-lines.tsx';
import { Sentence } from './sentence.tsx';

const SHOWN: Record<CopyBlock['name'], { id: string; caption: string }> = {
  'wrangler.jsonc': { id: '_wrangler_jsonc', caption: 'In wrangler.jsonc' },
  'wrangler.toml': { id: '_wrangler', caption: 'In wrangler.toml' },
  'pyproject.toml': { id: '_pyproject', caption: 'In pyproject.toml, for uv and pywrangler' },
  pip: { id: '_pip', caption: 'With pip, into python_modules' },
  'pinwheel vendor': { id: '_vendor', caption: 'With pinwheel, into python_modules' },
};

/** What to copy so that a Worker gets what the page shows. */
export function CopyBlockList({ blocks }: { blocks: CopyBlocks['blocks'] }) {
  return (
    <>
      {blocks.map(({ name, lines }) => (
        <CopyLines {...SHOWN[name]} lines={lines} />
      ))}
    </>
  );
}

/** Why there is nothing to copy for a wrangler file, if so. */
export function CopyRemark({ remark }: Pick<CopyBlocks, 'remark'>) {
  if (remark === null) return null;
  return (
    <p class="notice">
      <Sentence text={remark} />
    </p>
  );
}
