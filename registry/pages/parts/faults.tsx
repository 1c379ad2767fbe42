import type { Fault } from '../../../resolver/fault.ts';
import { Fix, Sentence } from './sentence.tsx';

/** Everything that is wrong with a question, each with what to do about it. */
export function Faults({ faults }: { faults: readonly Fault[] }) {
  return (
    <section class="notices" aria-labelledby="_faults" role="alert">
      <h2 id="_faults">
        {faults.length === 1 ? 'The question has a fault' : `The question has ${faults.length} faults`}
      </h2>
      <ul>
        {faults.map(({ message, fix }) => (
          <li class="notice error">
            <p>
              <Sentence text={message} />
            </p>
            <Fix fix={fix} />
          </li>
        ))}
      </ul>
    </section>
  );
}
