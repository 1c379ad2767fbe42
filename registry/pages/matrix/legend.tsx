import type { Column } from './columns.ts';

/** What the marks of cells mean, and how to have what they say. */
export function Legend({ columns }: { columns: readonly Column[] }) {
  const embedded = [...new Set(columns.flatMap(({ embedded }) => embedded ?? []))];
  return (
    <dl class="legend">
      <div>
        <dt class="yes">✓</dt>
        <dd>In the set that the date gives. Any installer takes a wheel.</dd>
      </div>
      <div>
        <dt class="yes">archive</dt>
        <dd>
          Only <code>pinwheel vendor</code> takes it.
          {embedded.length > 0 && ` Once built in: workerd had it until ${embedded.join(' or ')}.`}
        </dd>
      </div>
      <div>
        <dt class="part">◐</dt>
        <dd>
          In another set that the same runtime takes: vendor with <code>--flag</code> and that set. Of a
          module: it works in part.
        </dd>
      </div>
      <div>
        <dt class="no">✕</dt>
        <dd>In no set for that runtime. From an index: it is pure Python, and pip has it from PyPI.</dd>
      </div>
      <div>
        <dt>▲</dt>
        <dd>Another major version than the date before.</dd>
      </div>
    </dl>
  );
}
