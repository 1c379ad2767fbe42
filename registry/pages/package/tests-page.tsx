import type { CatalogView } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { testedName } from '../../facts/tests.ts';
import type { PackageVersion } from '../../storage/history.ts';
import { packagePath } from '../components/addresses.ts';
import { AnswerFooter } from '../components/answer-footer.tsx';
import { Document } from '../components/document.tsx';
import { testsText } from '../matrix/answer.ts';
import { VersionTable } from './version-table.tsx';

interface TestsPageProps {
  /** The canonical name of the tests. */
  name: string;
  versions: readonly PackageVersion[];
  view: CatalogView;
  asOf: string;
}

/** The tests of a package, with a link to the package. They have no verdict, because nobody imports them. */
export function TestsPage({ name, versions, view, asOf }: TestsPageProps) {
  const tested = testedName({ name });
  const said = testsText(printable(tested), true);
  return (
    <Document
      title={`${printable(name)}: the test suite of ${printable(tested)} · Pinwheel`}
      description={said}
      place="/packages"
      markdown={false}
    >
      <h1>{printable(name)}</h1>
      <p class="prose">{said}</p>
      <p class="prose">
        <a href={packagePath(tested)}>{printable(tested)} on Python Workers</a>
      </p>
      <section aria-labelledby="_sets">
        <h2 id="_sets">In every package set</h2>
        <VersionTable name={name} versions={versions} view={view} chosen="" />
      </section>
      <AnswerFooter
        asOf={asOf}
        stamp={view.stamp}
        permanent={`${packagePath(name)}?as_of=${asOf}&revision=${view.stamp.revision}`}
      />
    </Document>
  );
}
