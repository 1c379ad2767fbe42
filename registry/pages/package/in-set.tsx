/** Parts of a package's page about its member in one set: links, neighbours, and the file. */

import { sizeOf } from '../../../resolver/closure/sizes.ts';
import { type Member, type PreparedSet, wheelPath } from '../../../resolver/index.ts';
import { publisherOf, rebuildCommand } from '../../../resolver/provenance.ts';
import type { CatalogSet, Patched } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { isOfTests } from '../../facts/test-packages.ts';
import { packagePath } from '../components/addresses.ts';
import { CopyAlone } from '../components/copy.tsx';
import { PATCHED_PATH, patcherLink } from '../components/links.tsx';
import { Fact, linkTo, Names } from '../components/text.tsx';
import { buildOf } from '../components/words.ts';

/** Links about a package, and its badge: only packages are in an index, and only Pyodide's have a recipe. */
export function PackageLinks({ member, set, origin }: { member: Member; set: CatalogSet; origin: string }) {
  const { name, written_name, kind, patched } = member;
  const hasRecipe = kind !== 'standard_library' && publisherOf(set.source) !== 'Cloudflare';
  const encoded = encodeURIComponent(name);
  const recipes = 'https://github.com/pyodide/pyodide-recipes/tree/main/packages';
  const links = [
    kind === 'package' && [`https://pypi.org/project/${encoded}/`, 'On PyPI'],
    patched?.by === 'pinwheel'
      ? [`${PATCHED_PATH}#_pinwheel`, 'Pinwheel’s patch']
      : hasRecipe && [`${recipes}/${encodeURIComponent(written_name)}`, 'Pyodide’s recipe'],
    [`/packages/${encoded}.atom`, 'Feed'],
    [`/packages/${encoded}.md`, 'As Markdown'],
  ];
  return (
    <>
      <Names items={links.flatMap((link) => (link ? <a href={link[0]}>{link[1]}</a> : []))} />
      <details>
        <summary>Badge</summary>
        <CopyAlone
          id="_badge"
          caption="For a README in Markdown"
          lines={[`[![Python Workers](${origin}/badge/${encoded}.svg)](${origin}/packages/${encoded})`]}
        />
      </details>
    </>
  );
}

/** A member's dependencies and dependents in one set. */
export function Neighbours({ set, at }: { set: PreparedSet; at: number }) {
  const depends = set.edges[at]!.map((index) => set.members[index]!.name);
  const dependents = set.members
    .filter((member, index) => set.edges[index]!.includes(at) && !isOfTests(member))
    .map(({ name }) => name);
  return (
    <div class="facts even">
      <div>
        <h3 class="flush">Depends on {depends.length > 0 && `(${depends.length})`}</h3>
        <PackageNames names={depends} flag={set.flag} />
        {set.dangling[at]!.length > 0 && (
          <p class="no">Not in this set: {printable(set.dangling[at]!.join(', '))}</p>
        )}
      </div>
      <div>
        <h3 class="flush">Needed by {dependents.length > 0 && `(${dependents.length})`}</h3>
        <PackageNames names={dependents.sort()} flag={set.flag} />
      </div>
    </div>
  );
}

function PackageNames({ names, flag }: { names: readonly string[]; flag: string }) {
  if (names.length === 0) return <p class="muted">Nothing in this set.</p>;
  return <Names items={names.map((name) => linkTo(packagePath(name, flag), printable(name)))} />;
}

/** The file that a set pins, and its facts. */
export function WheelFacts({ member }: { member: Member }) {
  const { filename, sha256, size, url, patched, imports } = member;
  const command = patched?.by === 'pinwheel' ? rebuildCommand(patched) : null;
  return (
    <>
      <dl class="pairs">
        <Fact name="File">
          <a href={wheelPath(member)}>{printable(filename)}</a>
          {size !== null && `, ${sizeOf(size)}`}
        </Fact>
        <Fact name="SHA-256" style="digest">
          {sha256}
        </Fact>
        <Fact name="Code">{CODE[buildOf(member) ?? 'unknown']}</Fact>
        <PatchFacts patched={patched} />
        <Fact name="From">
          {url === null ? (patched ? 'Pinwheel itself' : 'this registry') : printable(url)}
        </Fact>
        <Fact name="Imports">{imports.length > 0 ? printable(imports.join(', ')) : 'nothing'}</Fact>
      </dl>
      {command !== null && (
        <CopyAlone
          id="_rebuild"
          caption="Builds this wheel again, byte for byte, in a clone of Pinwheel"
          lines={[command]}
        />
      )}
    </>
  );
}

const CODE = {
  compiled: 'Compiled for this ABI, by the file name’s tags',
  pure: 'Pure Python, by the file name’s tags',
  unknown: 'Unknown: the file name does not say',
};

/** Who patched a file. For a Pinwheel-built wheel, also the upstream wheel and the patch. */
function PatchFacts({ patched }: { patched: Patched | null }) {
  if (patched?.by !== 'pinwheel') {
    return (
      <Fact name={patched ? 'Patched by' : 'Patched'}>
        {patched ? patcherLink(patched) : 'no known patch'}
      </Fact>
    );
  }
  const { patch, release, upstream, recipe } = patched;
  return (
    <>
      <Fact name="Patched by">
        {patcherLink(patched)}, with release {release} of its patch {printable(patch)}
      </Fact>
      <Fact name="Upstream file">{printable(upstream.filename)}</Fact>
      <Fact name="Upstream SHA-256" style="digest">
        {upstream.sha256}
      </Fact>
      <Fact name="Recipe SHA-256" style="digest">
        {recipe}
      </Fact>
    </>
  );
}
