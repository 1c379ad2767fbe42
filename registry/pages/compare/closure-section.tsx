import type { ClosureChanges, CompareAnswer } from '../../../resolver/time/answers.ts';
import { PackageChangesList } from '../parts/changes.tsx';
import { Fix, Sentence } from '../parts/sentence.tsx';

/** What becomes of the requirements and of all that they need. */
export function ClosureSection({ closure, answer }: { closure: ClosureChanges; answer: CompareAnswer }) {
  const { failing } = closure;
  return (
    <section aria-labelledby="_closure">
      <h2 id="_closure">{headlineOf(closure)}</h2>
      {failing.length > 0 && (
        <ul class="notices first">
          {failing.map(({ held, message, fix }) => (
            <li class="notice error">
              <p>
                <strong>{held ? 'Held before, and fails now:' : 'Fails on both sides:'}</strong>{' '}
                <Sentence text={message} />
              </p>
              <Fix fix={fix} />
            </li>
          ))}
        </ul>
      )}
      <PackageChangesList
        changes={closure}
        from={answer.from.package_set.flag}
        to={answer.to.package_set.flag}
      />
    </section>
  );
}

function headlineOf({ affected, removed, changed, added }: ClosureChanges): string {
  if (affected) return 'Your requirements are affected';
  return removed.length + changed.length + added.length === 0
    ? 'Your requirements get the same packages'
    : 'Nothing that your requirements had breaks';
}
