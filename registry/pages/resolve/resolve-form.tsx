import type { CatalogView } from '../../../resolver/index.ts';
import type { Asked } from '../../http/form.ts';
import { FORM, LinesField, PinnedFields, TargetFields } from '../components/question-form.tsx';

interface ResolveFormProps {
  asked: Asked;
  view: CatalogView;
  /** Flags to offer. */
  known: readonly string[];
}

/** Posted, because a wrangler file may contain secrets. */
export function ResolveForm({ asked, view, known }: ResolveFormProps) {
  return (
    <form id={FORM} class="question long-form" action="/resolve" method="post">
      <TargetFields asked={asked} view={view} date={asked.date} known={known} />
      <LinesField
        id="_requirements"
        kind="wide"
        label="Requirements"
        hint="One per line, such as fastapi or pandas>=2, or a whole requirements.txt."
        name="requirements"
        rows={4}
        value={asked.requirements}
      />
      <details open={asked.wrangler !== ''}>
        <summary>Paste a wrangler file instead of date and flags</summary>
        <LinesField
          id="_wrangler_file"
          label="wrangler.toml or wrangler.jsonc"
          hint="Only its compatibility_date and compatibility_flags are read; nothing is stored."
          name="wrangler"
          rows={6}
          value={asked.wrangler}
        />
      </details>
      <PinnedFields asked={asked} />
      <div class="action">
        <button type="submit">Answer</button>
      </div>
    </form>
  );
}
