/** Lines to copy, and tabs of them. */
import type { Child } from 'hono/jsx';
import type { CopyBlock, CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import { IS_PUBLISHED } from '../../../resolver/published.ts';
import { copyable, sentence } from './text.tsx';

/** Longer blocks scroll: a question may have hundreds of requirements. */
const LONG = 1500;

interface CopyLinesProps {
  id: string;
  caption: Child;
  lines: readonly string[];
}

/** Lines with nothing beside them. */
export function CopyAlone(props: CopyLinesProps) {
  return (
    <div class="lines single">
      <CopyLines {...props} />
    </div>
  );
}

/** Lines with a copy button, which the script adds by their id. */
export function CopyLines({ id, caption, lines }: CopyLinesProps) {
  const text = lines.join('\n');
  const scrolls = text.length > LONG && ({ class: 'scrolls', tabindex: 0, 'aria-labelledby': id } as const);
  return (
    <figure>
      <figcaption id={id}>{caption}</figcaption>
      <pre {...scrolls}>{copyable(text)}</pre>
    </figure>
  );
}

/** A basic string of TOML, which is also one of JSON for the characters of dates, flags and names. */
export function toml(text: string): string {
  return JSON.stringify(text);
}

const SHOWN: Record<CopyBlock['name'], { id: string; caption: string; group: keyof typeof GROUPS }> = {
  'wrangler.jsonc': { id: '_wrangler_jsonc', caption: 'In wrangler.jsonc', group: 'wrangler' },
  'wrangler.toml': { id: '_wrangler', caption: 'In wrangler.toml', group: 'wrangler' },
  'pyproject.toml': {
    id: '_pyproject',
    caption: 'In pyproject.toml, for uv and pywrangler',
    group: 'vendor',
  },
  pip: { id: '_pip', caption: 'With pip, into python_modules', group: 'vendor' },
  // Last, because the other ways work without installing Pinwheel; not at all until npm has it.
  'pinwheel vendor': { id: '_vendor', caption: 'With pinwheel, into python_modules', group: 'vendor' },
  'pinwheel build': { id: '_build', caption: 'With pinwheel, a Worker that includes them', group: 'vendor' },
};

/** One block of each group is needed: the lines that select the runtime, and one way to vendor the packages. */
const GROUPS = { wrangler: 'In the wrangler file', vendor: 'To vendor the packages' } as const;

/** Tabs with what to copy, so that a Worker gets what the page shows. */
export function CopyBlockList({ blocks }: { blocks: CopyBlocks['blocks'] }) {
  const names = Object.keys(SHOWN) as CopyBlock['name'][];
  const runnable = blocks.filter(({ name }) => IS_PUBLISHED || !name.startsWith('pinwheel'));
  const sorted = runnable.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
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

interface CopiesProps extends CopyBlocks {
  style?: string;
  /** Further lines. */
  children?: Child;
}

/** Lines to copy for a Worker, or why there is nothing for a wrangler file. */
export function Copies({ remark, blocks, style = 'lines first', children }: CopiesProps) {
  return (
    <>
      {remark !== null && <p class="notice">{sentence(remark)}</p>}
      <div class={style}>
        <CopyBlockList blocks={blocks} />
        {children}
      </div>
    </>
  );
}
