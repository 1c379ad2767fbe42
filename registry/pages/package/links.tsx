import type { Member } from '../../../resolver/index.ts';
import { publisherOf } from '../../../resolver/provenance.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { PATCHED_PATH } from '../components/links.tsx';

/** Links about a package: only packages are in an index, and only Pyodide's have a recipe. */
export function PackageLinks({ member, set }: { member: Member; set: CatalogSet }) {
  const { name, written_name, kind, patched } = member;
  const encoded = encodeURIComponent(written_name);
  const isIndexed = kind === 'package';
  const hasRecipe = kind !== 'standard_library' && publisherOf(set.source) !== 'Cloudflare';
  return (
    <ul class="names">
      {isIndexed && (
        <li>
          <a href={`https://pypi.org/project/${encodeURIComponent(name)}/`}>On PyPI</a>
        </li>
      )}
      {patched?.by === 'pinwheel' ? (
        <li>
          <a href={`${PATCHED_PATH}#_pinwheel`}>Pinwheel’s patch</a>
        </li>
      ) : (
        hasRecipe && (
          <li>
            <a href={`https://github.com/pyodide/pyodide-recipes/tree/main/packages/${encoded}`}>
              Pyodide’s recipe
            </a>
          </li>
        )
      )}
      <li>
        <a href={`/packages/${encodeURIComponent(name)}.atom`}>Feed</a>
      </li>
      <li>
        <a href={`/packages/${encodeURIComponent(name)}.md`}>As Markdown</a>
      </li>
      <li>
        <a href={`/badge/${encodeURIComponent(name)}.svg`}>Badge</a>
      </li>
    </ul>
  );
}
