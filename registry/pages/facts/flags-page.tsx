import { isPythonFlag } from '../../../resolver/compatibility/workerd.ts';
import type { CatalogView, Publication } from '../../../resolver/index.ts';
import type { CatalogFlag } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { flagEffects } from '../../facts/flag-effects.ts';
import { toml } from '../components/copy.tsx';
import { type Dated, FactPage } from '../components/document.tsx';
import { FlagLink, SetLink } from '../components/links.tsx';
import { Commas, Fact, Section, Table } from '../components/text.tsx';

interface FlagsPageProps extends Dated {
  log: readonly Publication[];
  /** A package flag. */
  example: string | undefined;
}

/** Every compatibility flag: those about Python in words, the rest as a folded table. */
export function FlagsPage({ view, log, example, asOf }: FlagsPageProps) {
  const named = view.flags.filter(({ enable }) => enable !== null).reverse();
  const python = named.filter(isPythonFlag);
  const others = named.filter((flag) => !isPythonFlag(flag));
  return (
    <FactPage
      title="Compatibility flags"
      description="The compatibility flags that are about Python Workers: what each does, and from which date it is on."
      place="/flags"
      {...{ view, asOf }}
    >
      <div class="prose">
        <p>
          workerd {view.workerd ?? 'of an unknown version'} has {view.flags.length} flags, of which{' '}
          {python.length} concern Python. A <dfn>compatibility flag</dfn> is a name in{' '}
          <code>compatibility_flags</code> of a wrangler file that turns one behaviour of the runtime on or
          off, whatever the date says; most are automatic from some compatibility date on.
        </p>
        {example && (
          <p>
            A package flag, such as <SetLink flag={example} />, names one of the{' '}
            <a href="/sets">package sets</a>. workerd does not know it.
          </p>
        )}
      </div>
      <Section id="_python" title="About Python">
        <div class="facts even">
          {python.map((flag) => (
            <PythonFlag flag={flag} view={view} log={log} />
          ))}
        </div>
      </Section>
      <details class="group" id="_others">
        <summary>{others.length} flags that are not about Python</summary>
        <Table
          class="codes"
          caption="In the order of workerd’s schema, the newest first"
          columns={['Flag', { name: 'Remarks', style: 'quiet', label: null }, 'Automatic', 'Disabled by']}
          rows={others.map((flag) => ({
            id: flag.enable!,
            cells: [
              <code>{printable(flag.enable!)}</code>,
              [flag.experimental && 'experimental', flag.obsolete && 'obsolete'].filter(Boolean).join(', '),
              onByItself(flag, view),
              flag.disable !== null && <code>{printable(flag.disable)}</code>,
            ],
          }))}
        />
      </details>
    </FactPage>
  );
}

function PythonFlag({ flag, view, log }: Pick<FlagsPageProps, 'view' | 'log'> & { flag: CatalogFlag }) {
  const { field, disable, experimental, revision } = flag;
  const enable = flag.enable!;
  const release = view.releases.get(field);
  const effect = flagEffects.find((known) => known.field === field);
  const implies = view.flags.filter(({ implied_by }) => implied_by.includes(field));
  const known = log[revision - 1];
  const needed = enable === 'python_workers' || release === undefined ? [enable] : ['python_workers', enable];
  return (
    <div id={enable}>
      <h3 class="flush">
        <code>{printable(enable)}</code>
        {experimental && <span class="muted"> · experimental</span>}
        {flag.obsolete && <span class="muted"> · obsolete</span>}
      </h3>
      <p>{effect?.does ?? 'Its effect is not known.'}</p>
      {release && (
        <p>
          Enables{' '}
          <a href="/runtimes">
            Pyodide {printable(release.pyodide)} with Python {printable(release.python)}
          </a>
          .
        </p>
      )}
      <dl class="pairs close">
        <Fact name="Automatic">{onByItself(flag, view)}</Fact>
        {implies.length > 0 && (
          <Fact name="Also turns on">
            <Commas
              items={implies.map(({ enable, field, implied_date }) => [
                <FlagLink flag={enable ?? field} />,
                ' from ',
                dayOf(implied_date!),
              ])}
            />
          </Fact>
        )}
        <Fact name="In a wrangler file">
          <code>compatibility_flags = [{needed.map(toml).join(', ')}]</code>
        </Fact>
        {disable !== null && (
          <Fact name="Disabled by">
            <code>{printable(disable)}</code>
          </Fact>
        )}
        {effect && (
          <Fact name="Read in">
            <Commas
              items={effect.sources.map(({ url, commit }) => (
                <>
                  <a href={url}>{url.slice(url.lastIndexOf('/') + 1)}</a>
                  {commit !== null && <span class="muted"> at {commit.slice(0, 8)}</span>}
                </>
              ))}
            />
          </Fact>
        )}
        <Fact name="Known">
          since {known ? `${known.day}, workerd ${printable(known.name)}` : `revision ${revision}`}
        </Fact>
      </dl>
    </div>
  );
}

/** The date from which a flag is on without being named, and the flags that turn it on. */
function onByItself({ enable_date, implied_by, implied_date }: CatalogFlag, { flags }: CatalogView) {
  if (enable_date !== null) return <>from {dayOf(enable_date)}</>;
  if (implied_date === null) return <>never</>;
  const names = flags
    .filter(({ field }) => implied_by.includes(field))
    .map(({ enable, field }) => enable ?? field);
  return (
    <>
      from {dayOf(implied_date)} with{' '}
      <Commas items={names.map((name) => <FlagLink flag={name} />)} between=" or " />
    </>
  );
}

/** workerd's very first date means every date. */
function dayOf(date: string) {
  return date === '2000-01-01' ? 'the first date' : <span class="whole">{date}</span>;
}
