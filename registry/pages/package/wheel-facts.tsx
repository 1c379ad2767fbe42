import { type Member, wheelPath } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { buildOf, sizeOf } from '../components/words.ts';
import { PatchFacts, RebuildLine } from './patch-facts.tsx';

/** The file that a set pins, and its facts. */
export function WheelFacts({ member }: { member: Member }) {
  const { filename, sha256, size, url, patched, imports } = member;
  return (
    <>
      <dl class="pairs">
        <dt>File</dt>
        <dd>
          <a href={wheelPath(member)}>{printable(filename)}</a>
          {size !== null && `, ${sizeOf(size)}`}
        </dd>
        <dt>SHA-256</dt>
        <dd class="digest">{sha256}</dd>
        <dt>Code</dt>
        <dd>{CODE[buildOf(member) ?? 'unknown']}</dd>
        <PatchFacts patched={patched} />
        <dt>From</dt>
        <dd>{url === null ? 'Pinwheel itself' : printable(url)}</dd>
        <dt>Imports</dt>
        <dd>{imports.length > 0 ? printable(imports.join(', ')) : 'nothing'}</dd>
      </dl>
      <RebuildLine patched={patched} />
    </>
  );
}

const CODE = {
  compiled: 'Compiled for this ABI, by the file name’s tags',
  pure: 'Pure Python, by the file name’s tags',
  unknown: 'Unknown: the file name does not say',
};
