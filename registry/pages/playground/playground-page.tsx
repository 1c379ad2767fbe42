import type { CatalogSet } from '../../../resolver/catalog.ts';
import type { Asked } from '../../http/form.ts';
import { playgroundPath } from '../assets.ts';
import { Document } from '../parts/document.tsx';
import { Field, FORM, LinesInput, StandingFields, TargetFields } from '../parts/question-form.tsx';

interface PlaygroundPageProps {
  asked: Asked;
  sets: readonly CatalogSet[];
}

/** Where scripts run, the form is answered in the browser; where they do not, by the front page. */
export function PlaygroundPage({ asked, sets }: PlaygroundPageProps) {
  const requirements = asked.requirements === '' && !asked.anything ? 'fastapi\nnumpy' : asked.requirements;
  return (
    <Document title="Playground · Pinwheel" place="/playground" module={playgroundPath}>
      <h1>Playground</h1>
      <p class="prose">
        The resolver itself, in this browser: it fetches the catalog and the package sets that it needs, and
        asks the registry for nothing else. The address of this page changes as you type, and can be shared.
      </p>
      <noscript>
        <p class="notice">Scripts do not run here: the registry answers this form instead.</p>
      </noscript>
      <form id={FORM} class="question long-form" action="/" method="post">
        <TargetFields asked={asked} sets={sets} date={asked.date} />
        <Field
          id="_requirements"
          kind="wide"
          label="Requirements"
          hint="One on a line; or a whole requirements.txt."
        >
          <LinesInput id="_requirements" name="requirements" rows={4} value={requirements} />
        </Field>
        <StandingFields asked={asked} />
        <div class="action">
          <button type="submit">Answer</button>
        </div>
      </form>
      <section id="_result" aria-labelledby="_headline" hidden>
        <h2 id="_headline" aria-live="polite">
          The resolver is working
        </h2>
        <p id="_work" class="detail" />
        <ul id="_tree" class="tree" />
      </section>
    </Document>
  );
}
