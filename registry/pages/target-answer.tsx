import type { RegistryStamp, Target } from '../../resolver/answer.ts';
import type { CatalogSet } from '../../resolver/catalog.ts';
import type { PreparedSet } from '../../resolver/closure/prepare.ts';
import { minorOf } from '../../resolver/compatibility/view.ts';
import { printable } from '../../resolver/text/printable.ts';
import { packages } from './count.ts';
import { addressOf, queryOf } from './links.ts';
import { publisherOf } from './publisher.ts';
import type { PackagesQuestion } from './question.ts';
import { Fix, Sentence } from './sentence.tsx';

/** A package flag ends with its date, before which it may be broken. */
const DATE_LENGTH = 'YYYY_MM_DD'.length;

export interface Answer {
  question: PackagesQuestion;
  target: Target;
  stamp: RegistryStamp;
  head: CatalogSet;
  set: PreparedSet;
  /** Of the registry, for lines to copy; the request's own `Host` has no say in them. */
  origin: string;
}

/** What a Worker gets and why, in words, and the lines that ask for the same elsewhere. */
export function TargetAnswer({ question, target, head, origin }: Answer) {
  const { runtime, reasons } = target;
  const here = queryOf(addressOf(question));
  const pinned = target.compatibility_flags.includes(head.flag);
  const ownDate = pinned && target.compatibility_date !== head.released;
  const at = question.revision === undefined ? '' : `?revision=${question.revision}`;
  return (
    <section aria-labelledby="_answer" class="answer">
      <h2 id="_answer">
        Compatibility date <span class="whole">{target.compatibility_date}</span>: Python{' '}
        {printable(runtime.python)} and {packages(head.package_count)}
      </h2>
      <dl class="facts">
        <div>
          <dt>Runtime</dt>
          <dd>
            <strong>
              Pyodide {printable(runtime.pyodide)}, Python {printable(runtime.python)}
            </strong>
          </dd>
          <dd>
            <Sentence text={reasons.runtime.message} />
          </dd>
          <dd class="detail">
            ABI {printable(runtime.abi)} · {printable(runtime.platform)} ·{' '}
            {runtime.workerd_bundle === null ? (
              'in no workerd release'
            ) : (
              <>
                workerd’s bundle <span class="whole">{printable(runtime.workerd_bundle)}</span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Package set</dt>
          <dd>
            <strong class="long">
              {head.flag.slice(0, -DATE_LENGTH)}
              <wbr />
              {head.flag.slice(-DATE_LENGTH)}
            </strong>
          </dd>
          <dd>
            <Sentence text={reasons.package_set.message} />
          </dd>
          <dd class="detail">
            Published by {publisherOf(head.source)} for Pyodide {printable(head.runtime)} on {head.released}
            {ownDate && (
              <>
                {' '}
                · <a href={`/packages?${queryOf({ date: null, flags: [head.flag] })}`}>Ask at its own date</a>
              </>
            )}
          </dd>
        </div>
      </dl>
      <Diagnostics target={target} />
      <div class="lines">
        <figure>
          <figcaption id="_wrangler">
            In wrangler.toml
            {runtime.workerd_bundle === null &&
              `, with Pyodide ${printable(runtime.pyodide)} carried by the Worker itself`}
          </figcaption>
          <pre>
            {`compatibility_date = ${toml(target.compatibility_date)}\n`}
            {`compatibility_flags = [${target.workerd_flags.map(toml).join(', ')}]`}
          </pre>
        </figure>
        <figure>
          <figcaption id="_curl">The same from the API</figcaption>
          <pre>
            {`curl '${origin}/v1/target?${here}'\n`}
            {`curl '${origin}/v1/sets/${head.flag}${at}'`}
          </pre>
        </figure>
      </div>
    </section>
  );
}

const LABELS = { info: 'Note', warning: 'Warning', error: 'Error' };

function Diagnostics({ target: { diagnostics, moved_forward: moved } }: { target: Target }) {
  if (diagnostics.length === 0) return null;
  return (
    <ul class="notices" aria-label="Remarks">
      {diagnostics.map(({ severity, code, message, fix }) => (
        <li class={`notice ${severity}`}>
          <p>
            <strong>
              {code === 'moved_forward' && moved
                ? `Moved forward from Python ${minorOf(moved.from)} to ${minorOf(moved.to)}`
                : LABELS[severity]}
            </strong>{' '}
            <Sentence text={message} />
          </p>
          <Fix fix={fix} />
        </li>
      ))}
    </ul>
  );
}

/** A basic string of TOML, which for what dates and flags are made of is also one of JSON. */
function toml(text: string): string {
  return JSON.stringify(text);
}
