import type { CatalogSet } from '../../../resolver/catalog.ts';
import type { Asked } from '../../http/form.ts';
import { Field, FlagsField, FORM, LinesInput, StandingFields, typed } from '../parts/question-form.tsx';

const HINT = 'A compatibility date, or a package flag.';

interface CompareFormProps {
  asked: Asked;
  from: string;
  to: string;
  sets: readonly CatalogSet[];
}

export function CompareForm({ asked, from, to, sets }: CompareFormProps) {
  return (
    <form id={FORM} class="question long-form" action="/compare">
      <Side id="_from" name="from" label="From" value={from} />
      <Side id="_to" name="to" label="To" value={to} />
      <datalist id="_sides">
        {sets.toReversed().map(({ flag }) => (
          <option value={flag} />
        ))}
      </datalist>
      <FlagsField flags={asked.flags} />
      <Field
        id="_requirements"
        kind="wide"
        label="Requirements"
        hint="One on a line; empty: the whole sets are compared, and no closure."
      >
        <LinesInput id="_requirements" name="requirements" rows={3} value={asked.requirements} />
      </Field>
      <StandingFields asked={asked} />
      <div class="action">
        <button type="submit">Compare</button>
      </div>
    </form>
  );
}

interface SideProps {
  id: string;
  name: string;
  label: string;
  value: string;
}

function Side({ id, name, label, value }: SideProps) {
  return (
    <Field id={id} label={label} hint={HINT} kind={name === 'to' ? 'second' : ''}>
      <input
        id={id}
        name={name}
        value={typed(value)}
        list="_sides"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={`${id}_hint`}
      />
    </Field>
  );
}
