import type { Column } from './columns.ts';

/** The meaning of the marks of cells, and how to get the packages. */
export function Legend({ columns }: { columns: readonly Column[] }) {
  const embedded = [...new Set(columns.flatMap(({ embedded }) => embedded ?? []))];
  return (
    <dl class="legend">
      <div>
        <dt class="yes">✓</dt>
        <dd>In the package set of that date. Any installer takes a wheel.</dd>
      </div>
      <div>
        <dt class="yes">archive</dt>
        <dd>
          Only <code>pinwheel vendor</code> takes it.
          {embedded.length > 0 && ` “Was built in”: workerd had it up to ${embedded.join(' or ')}.`}
        </dd>
      </div>
      <div>
        <dt class="part">◐</dt>
        <dd>
          In another set for the same runtime: vendor it with <code>--flag</code> and the name of that set.
          For a module of the standard library: parts of it do not work.
        </dd>
      </div>
      <div>
        <dt class="no">✕</dt>
        <dd>
          In no set for that runtime. “From an index”: it is pure Python, so pip can install it from PyPI.
        </dd>
      </div>
      <div>
        <dt>▲</dt>
        <dd>The major version changes at this date.</dd>
      </div>
    </dl>
  );
}
