import { rebuildCommand } from '../../../resolver/provenance.ts';
import type { Patched } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { CopyLines } from '../components/copy.tsx';
import { Patcher } from '../components/links.tsx';

/** Who patched a file. For a Pinwheel-built wheel, also the upstream wheel and the patch. */
export function PatchFacts({ patched }: { patched: Patched | null }) {
  if (patched?.by !== 'pinwheel') {
    return (
      <>
        <dt>{patched ? 'Patched by' : 'Patched'}</dt>
        <dd>{patched ? <Patcher patched={patched} /> : 'no known patch'}</dd>
      </>
    );
  }
  const { patch, release, upstream, recipe } = patched;
  return (
    <>
      <dt>Patched by</dt>
      <dd>
        <Patcher patched={patched} />, with release {release} of its patch {printable(patch)}
      </dd>
      <dt>Upstream file</dt>
      <dd>{printable(upstream.filename)}</dd>
      <dt>Upstream SHA-256</dt>
      <dd class="digest">{upstream.sha256}</dd>
      <dt>Recipe SHA-256</dt>
      <dd class="digest">{recipe}</dd>
    </>
  );
}

/** The command that rebuilds a Pinwheel-built wheel. */
export function RebuildLine({ patched }: { patched: Patched | null }) {
  const command = patched?.by === 'pinwheel' ? rebuildCommand(patched) : null;
  if (command === null) return null;
  return (
    <div class="lines single">
      <CopyLines
        id="_rebuild"
        caption="Builds this wheel again, byte for byte, in a clone of Pinwheel"
        lines={[command]}
      />
    </div>
  );
}
