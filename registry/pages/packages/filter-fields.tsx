import type { CatalogView } from '../../../resolver/index.ts';
import { Field, FORM, SetSelect, typed } from '../components/question-form.tsx';
import type { Filter } from './filter.ts';

const KINDS: [NonNullable<Filter['kind']>, string][] = [
  ['package', 'Packages'],
  ['shared_library', 'Shared libraries'],
  ['standard_library', 'Standard-library modules'],
  ['compiled', 'Compiled code'],
  ['pure', 'Pure Python'],
  ['patched', 'Patched'],
  ['tests', 'Tests of packages'],
];

interface FilterFieldsProps {
  filter: Filter;
  view: CatalogView;
  /** The set that is filtered. */
  own: string;
}

/** Fields above the table, which belong to the question's form. */
export function FilterFields({ filter, view, own }: FilterFieldsProps) {
  const { column, descending } = filter.sort;
  const sort = `${descending ? '-' : ''}${column}`;
  return (
    <>
      <Field id="_query" label="Package or import name">
        <input
          id="_query"
          name="query"
          type="search"
          form={FORM}
          value={typed(filter.query)}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
      </Field>
      <Field id="_kind" label="Kind">
        <select id="_kind" name="kind" form={FORM}>
          <option value="">All kinds</option>
          {KINDS.map(([kind, plural]) => (
            <option value={kind} selected={kind === filter.kind}>
              {plural}
            </option>
          ))}
        </select>
      </Field>
      <Field id="_since" label="Changed since">
        <SetSelect
          id="_since"
          name="since"
          form={FORM}
          sets={[...view.sets.values()].filter(({ flag }) => flag !== own)}
          yanked={view.yankedSets}
          chosen={filter.since}
          nothing="Show all"
        />
      </Field>
      {sort !== 'name' && <input type="hidden" name="sort" value={sort} form={FORM} />}
    </>
  );
}
