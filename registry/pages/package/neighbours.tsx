import type { PreparedSet } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { isOfTests } from '../../facts/tests.ts';
import { packagePath } from '../components/addresses.ts';

/** What a member depends on, and what depends on it, in one set. */
export function Neighbours({ set, at }: { set: PreparedSet; at: number }) {
  const depends = set.edges[at]!.map((index) => set.members[index]!.name);
  const dependents = set.members
    .filter((member, index) => set.edges[index]!.includes(at) && !isOfTests(member))
    .map(({ name }) => name);
  return (
    <div class="facts even">
      <div>
        <h3 class="flush">Depends on {depends.length > 0 && `(${depends.length})`}</h3>
        <Names names={depends} flag={set.flag} />
        {set.dangling[at]!.length > 0 && (
          <p class="bad">Not in this set: {printable(set.dangling[at]!.join(', '))}</p>
        )}
      </div>
      <div>
        <h3 class="flush">Needed by {dependents.length > 0 && `(${dependents.length})`}</h3>
        <Names names={dependents.sort()} flag={set.flag} />
      </div>
    </div>
  );
}

function Names({ names, flag }: { names: readonly string[]; flag: string }) {
  if (names.length === 0) return <p class="muted">Nothing in this set.</p>;
  return (
    <ul class="names">
      {names.map((name) => (
        <li>
          <a href={packagePath(name, flag)}>{printable(name)}</a>
        </li>
      ))}
    </ul>
  );
}
