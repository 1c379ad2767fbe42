import { addDays, dayNumber } from '../../../resolver/compatibility/date.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { otherDay } from '../../http/reply.ts';
import { toml } from '../components/copy.tsx';
import { type Dated, FactPage } from '../components/document.tsx';
import { FlagLink } from '../components/links.tsx';
import { Fact, Section, Table } from '../components/text.tsx';
import { abiText } from '../components/words.ts';
import { type WorkerdRuntime, workerdRuntimes } from './listing.ts';

/** The runtimes, what selects them, and how long their Pythons are supported. */
export function RuntimesPage({ view, asOf }: Dated) {
  const included = workerdRuntimes(view, asOf);
  return (
    <FactPage
      title="Runtimes"
      description="Which Pyodide and which Python workerd runs by compatibility date and flags, and until when each Python is supported."
      place="/runtimes"
      {...{ view, asOf }}
    >
      <p class="prose">
        A <dfn>runtime</dfn> is one Pyodide with its Python: what runs a Worker’s code. Its <dfn>ABI</dfn> is
        what compiled wheels are built for, which run only in runtimes of that ABI; pure Python runs in all.
        workerd has {included.length} and runs the newest whose flag is on; naming the flag of an older one
        does not pin it. Other Pyodides have <a href="/sets">package sets</a>, but are in no workerd.
      </p>
      <Section id="_included" title="In workerd">
        <div class="facts even">
          {included.map((runtime) => (
            <Included runtime={runtime} asOf={asOf} />
          ))}
        </div>
      </Section>
      <Section id="_windows" title="Support">
        <p class="prose">
          By Cloudflare’s announced policy, each Python is supported for five years from its first release,
          and a Worker whose Python is out of support moves forward to the next one that is. No workerd known
          here does so: it selects by date and flags alone.
        </p>
        <Table
          caption={`As of ${asOf}`}
          columns={['Python', 'State', 'First release', 'Last day of support', 'By']}
          rows={view.pythons.toReversed().map(({ python, first_release, supported_until, source }) => [
            `Python ${printable(python)}`,
            <td>
              {asOf < supported_until ? 'supported' : 'out of support'}{' '}
              <meter
                max={dayNumber(supported_until) - dayNumber(first_release)}
                value={dayNumber(asOf) - dayNumber(first_release)}
                aria-label="The part of its support that is over"
              />
            </td>,
            first_release,
            addDays(supported_until, -1),
            printable(source.package),
          ])}
        />
      </Section>
    </FactPage>
  );
}

function Included({ runtime, asOf }: { runtime: WorkerdRuntime; asOf: string }) {
  const { id, pyodide, python, workerd_bundle, flag, enabled_from } = runtime;
  const { isDefault, flags, sets } = runtime;
  return (
    <div>
      <h3 class="flush">
        Pyodide {printable(pyodide)}, Python {printable(python)}
        {id === 'dev' && <span class="muted"> · under development</span>}
      </h3>
      {isDefault && (
        <p class="yes">✓ What new Workers get {otherDay(asOf) === null ? 'today' : `on ${asOf}`}</p>
      )}
      <dl class="pairs close">
        <Fact name="Enabled by">
          {flag && <FlagLink flag={flag} />}
          {enabled_from && enabled_from > '2000-01-01' && (
            <>
              , automatic from <span class="whole">{enabled_from}</span>
            </>
          )}
        </Fact>
        <Fact name={`To get it on ${asOf}`}>
          {flags ? (
            <code>compatibility_flags = [{flags.map(toml).join(', ')}]</code>
          ) : (
            'only with an experimental flag'
          )}
        </Fact>
        <Fact name="workerd’s bundle">{printable(workerd_bundle ?? '')}</Fact>
        <Fact name="ABI">
          {abiText(runtime)}, with {sets} package {sets === 1 ? 'set' : 'sets'}
        </Fact>
      </dl>
    </div>
  );
}
