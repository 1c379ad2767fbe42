const PLACES = [
  ['/packages', 'Packages', 'Everything that a target supports, by name or import name.'],
  ['/runtimes', 'Runtimes', 'Each Pyodide and Python, what enables it, and how long it is supported.'],
  ['/sets', 'Package sets', 'Dated and immutable, one for each release.'],
  [
    '/patched',
    'Patched wheels',
    'HTTP clients on fetch: what was changed, by whom, and how to make it again.',
  ],
  ['/flags', 'Flags', 'What each compatibility flag means, and since when it is on.'],
  ['/compare', 'Compare', 'Two dates side by side: what breaks, what is new, what changes version.'],
  ['/stdlib', 'Standard library', 'Which modules work in each runtime, in part, or not at all.'],
  ['/playground', 'Playground', 'The resolver itself, running in the browser as one types.'],
  ['/api', 'API', 'Every question by HTTP, with examples that run.'],
  ['/changes.atom', 'Changes', 'A feed of new package sets and flags, for feed readers.'],
] as const;

/** Where else to look. */
export function Places() {
  return (
    <section aria-labelledby="_places">
      <h2 id="_places">Look things up</h2>
      <ul class="cards">
        {PLACES.map(([path, name, what]) => (
          <li>
            <a href={path}>{name}</a>
            <p>{what}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
