import { walk } from '../../../resolver/closure/closure.ts';
import type { PinnedPackage } from '../../../resolver/closure/prepare.ts';
import { yankedWheels } from '../../../resolver/closure/resolve.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import type {
  CatalogView,
  Member,
  PreparedSet,
  RegistryStamp,
  Target,
  WhenAnswer,
} from '../../../resolver/index.ts';
import { HTTPX2_USERS, httpx2Remark, licencesText } from '../../../resolver/provenance.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath } from '../components/addresses.ts';
import { AnswerFooter } from '../components/answer-footer.tsx';
import { CopyBlockList, CopyLines, CopyRemark } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { Found } from '../components/found.tsx';
import { SetLink, YankedLink } from '../components/links.tsx';
import { Field, SetSelect } from '../components/question-form.tsx';
import { Diagnostics } from '../components/target-answer.tsx';
import { Delivered } from '../components/text.tsx';
import { todayOf } from '../matrix/columns.ts';
import { kindOf } from '../packages/package-rows.tsx';
import { DateBar } from './date-bar.tsx';
import { type PackageFacts, yankedFlags } from './facts.ts';
import { foundOf } from './found.ts';
import { PackageLinks } from './links.tsx';
import { Neighbours } from './neighbours.tsx';
import { TimeLine } from './time-line.tsx';
import { VerdictLine } from './verdict-line.tsx';
import { VersionTable } from './version-table.tsx';
import { WheelFacts } from './wheel-facts.tsx';
import { WhenTable } from './when-table.tsx';

export interface PackagePageProps {
  facts: PackageFacts;
  view: CatalogView;
  target: Target;
  set: PreparedSet;
  /** Why another set is shown than the requested one, if it is. */
  instead: string | null;
  when: WhenAnswer | null;
  stamp: RegistryStamp;
  origin: string;
}

export function PackagePage(props: PackagePageProps) {
  const { facts, view, target, set, instead, when, origin } = props;
  const { name, versions, columns, row, verdict } = facts;
  const at = set.index.get(name)!;
  const member = set.members[at]!;
  const closure = walk(set, [at]).members.map((index) => set.packages[index]!);
  const diagnostics = [...target.diagnostics, ...yankedWheels(view, closure)];
  const sets = [...view.sets.values()].filter(({ flag }) => versions.some((one) => one.flag === flag));
  const yanked = yankedFlags(view, versions);
  return (
    <Document
      title={`${printable(name)} on Python Workers: ${verdict.short} · Pinwheel`}
      description={verdict.sentences.join(' ')}
      place="/packages"
      head={<Found {...foundOf(facts, origin)} />}
    >
      <h1>
        {printable(name)}{' '}
        <span class="version">
          {printable(member.version)}
          {yanked.has(set.flag) && (
            <>
              , <YankedLink />
            </>
          )}
        </span>
      </h1>
      <VerdictLine verdict={verdict} />
      {row.kind !== 'standard_library' && (
        <DateBar {...{ name, columns, yanked }} cells={row.cells} asOf={target.as_of} />
      )}
      {instead !== null && <p class="notice">{instead}</p>}
      <section aria-labelledby="_add">
        <h2 id="_add">How to get it</h2>
        <AddLines name={name} at={at} {...{ closure, set, view, target, origin }} />
        <Httpx2 name={name} />
        <Diagnostics target={{ ...target, diagnostics }} />
      </section>
      <section aria-labelledby="_about">
        <h2 id="_about">In this set</h2>
        <p class="prose">
          <KindOf member={member} set={set} /> in <SetLink flag={set.flag} />, for Python{' '}
          {minorOf(printable(target.runtime.python))}. Delivery:{' '}
          <Delivered delivery={target.package_set.delivery} kind={member.kind} />.
        </p>
        <PackageLinks member={member} set={view.sets.get(set.flag)!} />
        <form class="question pick" action={packagePath(name)}>
          <Field id="_set" label="Package set">
            <SetSelect
              id="_set"
              name="flag"
              sets={sets}
              yanked={yanked}
              chosen={set.flag}
              nothing="What today’s date gives"
            />
          </Field>
          <div class="action">
            <button type="submit">Show this set</button>
          </div>
        </form>
      </section>
      <section aria-labelledby="_when">
        <h2 id="_when">By compatibility date</h2>
        {when && <WhenTable answer={when} {...{ name, yanked }} end={todayOf(columns)?.to ?? null} />}
      </section>
      <section aria-labelledby="_neighbours">
        <h2 id="_neighbours">Dependencies in this set</h2>
        <Neighbours set={set} at={at} />
      </section>
      <section aria-labelledby="_wheel">
        <h2 id="_wheel">The file in this set</h2>
        <WheelFacts member={member} />
        <p class="quiet">{licencesText(view.sets.get(set.flag)!.source)}</p>
      </section>
      <section aria-labelledby="_sets">
        <h2 id="_sets">In every package set</h2>
        <details>
          <summary>As a chart, by date of publication</summary>
          <TimeLine name={name} versions={versions} sets={[...view.sets.values()]} chosen={set.flag} />
        </details>
        <VersionTable name={name} versions={versions} view={view} chosen={set.flag} />
      </section>
      <AnswerFooter
        asOf={target.as_of}
        stamp={props.stamp}
        permanent={`${packagePath(name, set.flag)}&as_of=${target.as_of}&revision=${props.stamp.revision}`}
      />
    </Document>
  );
}

/** For those who look for httpx because of a client that wants httpx2. */
function Httpx2({ name }: { name: string }) {
  const users = HTTPX2_USERS.filter((one) => one === name || name === 'httpx');
  const remark = users.length > 0 ? httpx2Remark(new Set(['httpx2']), new Set(users)) : null;
  return remark && <p class="prose">{remark.message}</p>;
}

/** The beginning of a sentence. */
function KindOf({ member, set }: { member: Member; set: PreparedSet }) {
  const article = /^[aeiou]/.test(member.kind) ? 'An' : 'A';
  return (
    <>
      {article} {kindOf(member, set)}
    </>
  );
}

interface AddLinesProps {
  name: string;
  at: number;
  closure: readonly PinnedPackage[];
  set: PreparedSet;
  view: CatalogView;
  target: Target;
  origin: string;
}

function AddLines({ name, at, closure, set, view, target, origin }: AddLinesProps) {
  const packages = closure.map((one) => ({ ...one, requested: one.name === name }));
  const { blocks, remark } = copyBlocks({
    ...{ target, packages, date: dateThatGives(view, target) },
    index: `${origin}/simple/${set.flag}/`,
  });
  const uses = set.members[at]!.imports.slice(0, 1).map((module) => `import ${printable(module)}`);
  const query = new URLSearchParams({ flag: set.flag, requirement: name });
  return (
    <>
      <CopyRemark remark={remark} />
      <div class="lines first">
        <CopyBlockList blocks={blocks} />
        {uses.length > 0 && <CopyLines id="_import" caption="In the Worker" lines={uses} />}
        <CopyLines
          id="_curl"
          caption="With its dependencies, from the API"
          lines={[`curl '${origin}/v1/resolve?${query}'`]}
        />
      </div>
    </>
  );
}
